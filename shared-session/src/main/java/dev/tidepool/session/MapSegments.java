package dev.tidepool.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import net.openhft.chronicle.algo.hashing.LongHashFunction;
import net.openhft.chronicle.core.OS;
import net.openhft.chronicle.hash.ChecksumEntry;
import net.openhft.chronicle.hash.Data;
import net.openhft.chronicle.hash.impl.BigSegmentHeader;
import net.openhft.chronicle.map.ChronicleHashCorruptionImpl;
import net.openhft.chronicle.map.ChronicleMapBuilder;
import net.openhft.chronicle.map.MapEntry;
import net.openhft.chronicle.map.VanillaChronicleMap;
import net.openhft.chronicle.map.impl.CompiledMapIterationContext;
import org.jspecify.annotations.Nullable;

/**
 * Chronicle Map, one segment at a time, and what its public face does not show: which segment a key
 * falls in, that segment's lock and metadata, and recovery of that segment alone.
 *
 * <p>Callers hold the segment's guard. A segment's metadata is its header, its hash table, its
 * counters and its free list; they are what recovery rewrites, and are copied as one picture.
 */
final class MapSegments implements AutoCloseable {
  private static final LongHashFunction HASH = LongHashFunction.xx_r39();
  private static final int SEGMENT_HEADER_BYTES = 32;
  private static final int TIER_COUNTERS_BYTES = 64;

  static {
    // Chronicle reports its use to a web service, and greets, unless told not to before it loads.
    System.setProperty("chronicle.analytics.disable", "true");
    System.setProperty("chronicle.announcer.disable", "true");
  }

  private final VanillaChronicleMap<byte[], byte[], ?> map;
  private final MapEntries entries;

  private MapSegments(VanillaChronicleMap<byte[], byte[], ?> map) {
    this.map = map;
    this.entries = new MapEntries(map);
  }

  /** Opens {@code file}, or makes and preallocates it with {@code segments} if it is missing. */
  static MapSegments open(Path file, StoreSettings settings, int segments) throws IOException {
    return new MapSegments(
        (VanillaChronicleMap<byte[], byte[], ?>)
            builder(settings, segments).createPersistedTo(file.toFile()));
  }

  /** One of the same shape in this process's memory only. */
  static MapSegments inMemory(StoreSettings settings, int segments) {
    return new MapSegments(
        (VanillaChronicleMap<byte[], byte[], ?>) builder(settings, segments).create());
  }

  private static ChronicleMapBuilder<byte[], byte[]> builder(StoreSettings settings, int segments) {
    return ChronicleMapBuilder.of(byte[].class, byte[].class)
        .name("tidepool-sessions")
        .averageKeySize(64)
        .averageValueSize(StoredValue.HEADER_BYTES + settings.averageBytes())
        .entries(settings.capacity())
        .actualSegments(segments)
        .allowSegmentTiering(false)
        .skipCloseOnExitHook(true) // it would unmap under requests that still run
        .checksumEntries(true)
        .putReturnsNull(true) // or each would copy what was there
        .removeReturnsNull(true);
  }

  int segmentOf(byte[] key) {
    return map.hashSplitting.segmentIndex(HASH.hashBytes(key));
  }

  /** A hash that does not choose the segment, for a key among those of one segment. */
  static long fingerprint(byte[] key) {
    return LongHashFunction.xx_r39(0x7469_6465L).hashBytes(key);
  }

  byte @Nullable [] get(byte[] key) {
    return entries.get(key);
  }

  /**
   * Inserts or replaces.
   *
   * @throws IllegalStateException if the segment has no room; repair it, the metadata may be half
   *     written
   */
  void put(byte[] key, byte[] value, StoreProbe probe) {
    if (!entries.overwrite(key, value, probe)) {
      map.put(key, value);
    }
  }

  void remove(byte[] key) {
    map.remove(key);
  }

  /** True if a process died inside Chronicle while it held the guard. */
  boolean isLockSet(int segment) {
    return BigSegmentHeader.INSTANCE.getLockState(map.segmentHeaderAddress(segment))
        != BigSegmentHeader.INSTANCE.resetLockState();
  }

  void resetLock(int segment) {
    BigSegmentHeader.INSTANCE.resetLock(map.segmentHeaderAddress(segment));
  }

  /**
   * Drops entries whose checksum is wrong or that are there twice, and makes the metadata agree
   * with the entries. {@code found} gets a line for each thing that was wrong.
   */
  void recover(int segment, Consumer<String> found) {
    var corruption = new ChronicleHashCorruptionImpl();
    try (var context = (CompiledMapIterationContext<byte[], byte[], ?>) map.iterationContext()) {
      context.initSegmentIndex(segment);
      context.initSegmentTier();
      context.recoverTier(segment, c -> found.accept(c.message()), corruption);
      context.removeDuplicatesInSegment(c -> found.accept(c.message()), corruption);
    }
  }

  /** What is done to each entry of a segment. */
  interface Visitor {
    /** Returns false to stop. */
    boolean visit(Entry entry);
  }

  /** An entry being visited; valid until the visitor returns. */
  interface Entry {
    long deadlineMillis();

    long claim();

    int valueBytes();

    /** False if the entry's checksum is wrong. */
    boolean isIntact();

    byte[] key();

    byte[] value();
  }

  void visit(int segment, Visitor visitor) {
    try (var context = map.segmentContext(segment)) {
      context.forEachSegmentEntryWhile(
          e -> visitor.visit(new ChronicleEntry(e, e.key(), e.value())));
    }
  }

  /** The entry that would expire next and is not {@code except}; null if there is none. */
  @Nullable StoredEntry earliest(int segment, byte[] except) {
    long[] deadline = {Long.MAX_VALUE};
    @Nullable StoredEntry[] found = new StoredEntry[1];
    visit(
        segment,
        entry -> {
          if (entry.claim() == 0 && (found[0] == null || entry.deadlineMillis() < deadline[0])) {
            byte[] key = entry.key();
            if (!Arrays.equals(key, except)) {
              deadline[0] = entry.deadlineMillis();
              found[0] = new StoredEntry(key, entry.value());
            }
          }
          return true;
        });
    return found[0];
  }

  /** Bytes of the picture of one segment. */
  int pictureBytes() {
    return SEGMENT_HEADER_BYTES + (int) metadataBytes();
  }

  void copyMetadataTo(long address, int segment) {
    OS.memory().copyMemory(map.segmentHeaderAddress(segment), address, SEGMENT_HEADER_BYTES);
    OS.memory()
        .copyMemory(map.segmentBaseAddr(segment), address + SEGMENT_HEADER_BYTES, metadataBytes());
  }

  void copyMetadataFrom(long address, int segment) {
    OS.memory().copyMemory(address, map.segmentHeaderAddress(segment), SEGMENT_HEADER_BYTES);
    OS.memory()
        .copyMemory(address + SEGMENT_HEADER_BYTES, map.segmentBaseAddr(segment), metadataBytes());
  }

  private long metadataBytes() {
    return map.tierHashLookupOuterSize + TIER_COUNTERS_BYTES + map.tierFreeListOuterSize;
  }

  @Override
  public void close() {
    map.close();
  }

  private record ChronicleEntry(
      MapEntry<byte[], byte[]> entry, Data<byte[]> keyData, Data<byte[]> valueData)
      implements Entry {
    @Override
    public long deadlineMillis() {
      return word(StoredValue.DEADLINE_AT);
    }

    @Override
    public long claim() {
      return word(StoredValue.CLAIM_AT);
    }

    @Override
    public int valueBytes() {
      return (int) valueData.size();
    }

    @Override
    public byte[] key() {
      return copy(keyData);
    }

    @Override
    public byte[] value() {
      return copy(valueData);
    }

    @Override
    public boolean isIntact() {
      return ((ChecksumEntry) entry).checkSum();
    }

    private long word(int at) {
      return valueData.bytes().readLong(valueData.offset() + at);
    }

    private static byte[] copy(Data<byte[]> data) {
      byte[] bytes = new byte[(int) data.size()];

      data.bytes().read(data.offset(), bytes, 0, bytes.length);
      return bytes;
    }
  }
}
