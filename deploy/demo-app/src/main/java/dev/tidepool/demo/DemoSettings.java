package dev.tidepool.demo;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;

/**
 * The demo app's own {@code app.settings}; all may be absent.
 *
 * @param version shown by {@code /version}, after the build
 * @param faults offer {@code /fault/*}
 * @param failStart throw at start
 * @param blockStart never come back from start
 * @param startDelay sleep at start, before the two above
 * @param stopDelay sleep at stop
 * @param failRequests answer 500 to all but the worker's own requests
 * @param logRequests print a line for each request of a client
 */
record DemoSettings(
    String version,
    boolean faults,
    boolean failStart,
    boolean blockStart,
    Duration startDelay,
    Duration stopDelay,
    boolean failRequests,
    boolean logRequests) {
  private static final Config DEFAULTS =
      ConfigFactory.parseString(
          "version = \"1\", faults = false, fail-start = false, block-start = false,"
              + " start-delay = 0 s, stop-delay = 0 s, fail-requests = false,"
              + " log-requests = false");

  static DemoSettings from(Config settings) {
    Config at = settings.withFallback(DEFAULTS);
    return new DemoSettings(
        at.getString("version"),
        at.getBoolean("faults"),
        at.getBoolean("fail-start"),
        at.getBoolean("block-start"),
        at.getDuration("start-delay"),
        at.getDuration("stop-delay"),
        at.getBoolean("fail-requests"),
        at.getBoolean("log-requests"));
  }
}
