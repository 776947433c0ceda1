package dev.tidepool.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One session between its bytes and its attributes, which stay encoded.
 *
 * <pre>
 *  0          8       16        24        32         40            44
 *  | deadline | claim | version | created | accessed | timeout (s) | attributes …
 *                                          each: | name length u16 | name | tag u8 | length u32 | bytes |
 * </pre>
 *
 * Times in milliseconds since 1970; the version counts writes. Deadline and claim are {@link
 * StoredValue}'s, the rest is big-endian.
 */
final class SessionRecord {
  private static final int VERSION_AT = 16;
  private static final int ACCESSED_AT = 32;
  private static final int TIMEOUT_AT = 40;
  private static final int ATTRIBUTES_AT = 44;
  private static final int LONGEST_NAME = 0xffff;

  final long createdMillis;
  long version;
  long accessedMillis;
  long deadlineMillis;
  int timeoutSeconds;
  final Map<String, EncodedAttribute> attributes = new LinkedHashMap<>();

  SessionRecord(long createdMillis, int timeoutSeconds) {
    this.createdMillis = createdMillis;
    this.accessedMillis = createdMillis;
    this.timeoutSeconds = timeoutSeconds;
  }

  /** The deadline if the session is used at {@code nowMillis}; 0 or less never times out. */
  void usedAt(long nowMillis) {
    deadlineMillis = deadline(timeoutSeconds, nowMillis);
  }

  private static long deadline(int timeoutSeconds, long nowMillis) {
    return timeoutSeconds <= 0 ? Long.MAX_VALUE : nowMillis + timeoutSeconds * 1000L;
  }

  /**
   * A copy, used by a request that began at {@code startedMillis} and changed nothing: of most
   * requests, so attributes are not decoded for it.
   */
  static byte[] used(byte[] value, long startedMillis, long nowMillis) {
    byte[] used = value.clone();
    ByteBuffer fields = ByteBuffer.wrap(used).order(ByteOrder.BIG_ENDIAN);
    fields.putLong(VERSION_AT, fields.getLong(VERSION_AT) + 1);
    fields.putLong(ACCESSED_AT, Math.max(fields.getLong(ACCESSED_AT), startedMillis));
    StoredValue.deadlineMillis(used, deadline(fields.getInt(TIMEOUT_AT), nowMillis));
    return used;
  }

  static SessionRecord decode(byte[] value) {
    ByteBuffer in = ByteBuffer.wrap(value).order(ByteOrder.BIG_ENDIAN);
    in.position(StoredValue.HEADER_BYTES);
    long version = in.getLong();
    long created = in.getLong();
    long accessed = in.getLong();
    SessionRecord session = new SessionRecord(created, in.getInt());
    session.version = version;
    session.accessedMillis = accessed;
    session.deadlineMillis = StoredValue.deadlineMillis(value);
    while (in.hasRemaining()) {
      byte[] name = new byte[in.getShort() & 0xffff];
      in.get(name);
      byte tag = in.get();
      byte[] bytes = new byte[in.getInt()];
      in.get(bytes);
      session.attributes.put(
          new String(name, StandardCharsets.UTF_8), new EncodedAttribute(tag, bytes, false));
    }
    return session;
  }

  byte[] encode() {
    List<byte[]> names = new ArrayList<>(attributes.size());
    long length = ATTRIBUTES_AT;
    for (Map.Entry<String, EncodedAttribute> entry : attributes.entrySet()) {
      byte[] name = entry.getKey().getBytes(StandardCharsets.UTF_8);
      if (name.length > LONGEST_NAME) {
        throw new IllegalArgumentException("an attribute's name of " + name.length + " bytes");
      }
      names.add(name);
      length += 7L + name.length + entry.getValue().bytes().length;
    }
    if (length > StoreSettings.LARGEST_SESSION) {
      throw new StoreFullException(
          "a session of " + length + " bytes, at most " + StoreSettings.LARGEST_SESSION);
    }
    ByteBuffer out = ByteBuffer.allocate((int) length);
    out.position(StoredValue.HEADER_BYTES);
    out.putLong(version).putLong(createdMillis).putLong(accessedMillis).putInt(timeoutSeconds);
    Iterator<byte[]> name = names.iterator();
    for (EncodedAttribute attribute : attributes.values()) {
      byte[] utf8 = name.next();
      out.putShort((short) utf8.length).put(utf8).put(attribute.tag());
      out.putInt(attribute.bytes().length).put(attribute.bytes());
    }
    byte[] value = out.array();
    StoredValue.deadlineMillis(value, deadlineMillis);
    return value;
  }
}
