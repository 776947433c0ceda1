package dev.tidepool.worker.access;

import io.undertow.security.idm.Account;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.SessionConfig;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a line may say of a request; in a pattern its name in lower case, behind a $. */
enum Field {
  REMOTE_ADDR(Field::remoteAddress),
  REMOTE_USER(Field::user),
  TIME_LOCAL(entry -> Stamp.of(entry.epochMillis()).local),
  TIME_ISO8601(entry -> Instant.ofEpochMilli(entry.epochMillis()).toString()),
  REQUEST(
      entry ->
          entry.exchange().getRequestMethod()
              + " "
              + entry.target()
              + " "
              + entry.exchange().getProtocol()),
  METHOD(entry -> entry.exchange().getRequestMethod().toString()),
  TARGET(Entry::target),
  PROTOCOL(entry -> entry.exchange().getProtocol().toString()),
  HOST(entry -> header(entry, Headers.HOST)),
  STATUS(entry -> Integer.toString(entry.exchange().getStatusCode()), true),
  BYTES_SENT(entry -> Long.toString(entry.exchange().getResponseBytesSent()), true),
  REFERER(entry -> header(entry, Headers.REFERER)),
  USER_AGENT(entry -> header(entry, Headers.USER_AGENT)),
  DURATION_US(entry -> Long.toString(entry.durationMicros()), true),
  LISTENER(entry -> address(entry.exchange().getDestinationAddress())),
  SLOT(entry -> Integer.toString(entry.worker().slot()), true),
  PID(entry -> Integer.toString(entry.worker().pid()), true),
  GENERATION(entry -> Integer.toString(entry.worker().generation()), true),
  SESSION(Field::sessionHash),
  REQUEST_ID(entry -> header(entry, RequestIds.REQUEST_ID)),
  TRACEPARENT(entry -> header(entry, RequestIds.TRACEPARENT));

  private static final int HASH_BYTES = 6;

  @SuppressWarnings("ImmutableEnumChecker") // the lambdas above have no state
  private final Function<Entry, @Nullable String> value;

  /** Whether JSON has it without quotes. */
  final boolean number;

  Field(Function<Entry, @Nullable String> value) {
    this(value, false);
  }

  Field(Function<Entry, @Nullable String> value, boolean number) {
    this.value = value;
    this.number = number;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Null if the request has none; to be escaped, since clients choose much of it. */
  @Nullable String of(Entry entry) {
    return value.apply(entry);
  }

  private static @Nullable String header(Entry entry, HttpString name) {
    HeaderMap headers = entry.exchange().getRequestHeaders();
    return headers.getFirst(name);
  }

  private static @Nullable String remoteAddress(Entry entry) {
    InetSocketAddress source = entry.exchange().getSourceAddress();
    return source == null || source.getAddress() == null
        ? null
        : source.getAddress().getHostAddress();
  }

  private static @Nullable String address(@Nullable InetSocketAddress address) {
    return address == null || address.getAddress() == null
        ? null
        : address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static @Nullable String user(Entry entry) {
    var context = entry.exchange().getSecurityContext();
    Account account = context == null ? null : context.getAuthenticatedAccount();
    return account == null ? null : account.getPrincipal().getName();
  }

  /** Tells sessions apart, but opens none of them to who reads the log. */
  private static @Nullable String sessionHash(Entry entry) {
    HttpServerExchange exchange = entry.exchange();
    SessionConfig config = exchange.getAttachment(SessionConfig.ATTACHMENT_KEY);
    String id = config == null ? null : config.findSessionId(exchange);
    if (id == null) {
      return null;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The time of one second: formatting it for each line would cost more than all the rest. */
  private record Stamp(long second, String local) {
    private static final DateTimeFormatter LOCAL =
        DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static volatile Stamp last = new Stamp(0, LOCAL.format(Instant.EPOCH));

    static Stamp of(long epochMillis) {
      long second = epochMillis / 1000;
      Stamp stamp = last;
      if (stamp.second != second) {
        stamp = new Stamp(second, LOCAL.format(Instant.ofEpochSecond(second)));
        last = stamp;
      }
      return stamp;
    }
  }
}
