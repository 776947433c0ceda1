package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * What clients may ask for; sizes in bytes.
 *
 * @param connections of one worker, 0 for no limit
 * @param requestRate requests a second of one connection, 0 for no limit
 */
public record LimitSettings(
    int connections,
    int requestRate,
    Duration idleTimeout,
    int headerSizeBytes,
    int headerCount,
    long bodySizeBytes,
    long bodyBufferBytes,
    long minRateBytes,
    Duration minRateWindow) {

  static LimitSettings from(Config root, Problems problems) {
    var in = new Section(root, "limits", problems);
    return new LimitSettings(
        in.integer("connections", 0, 1_000_000),
        in.integer("request-rate", 0, 1_000_000),
        in.duration("idle-timeout", "1 s", "24 h"),
        (int) in.bytes("header-size", "1 KiB", "1 MiB"),
        in.integer("header-count", 10, 1000),
        in.bytes("body-size", "0 B", "16 GiB"),
        in.bytes("body-buffer", "0 B", "16 MiB"),
        in.bytes("min-rate", "0 B", "1 MiB"),
        in.duration("min-rate-window", "1 s", "1 h"));
  }

  /** Bytes that a client must move within {@link #minRateWindow}. */
  public long leastBytesOfWindow() {
    return minRateBytes * minRateWindow.toMillis() / 1000;
  }
}
