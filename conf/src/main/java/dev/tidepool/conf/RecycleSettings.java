package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * What a worker may do, live and grow to before another takes its place; 0 is no limit.
 *
 * @param jitter part by which the limits of one worker may be lower than those of another
 * @param interval between two looks at the workers
 */
public record RecycleSettings(
    int requests, Duration lifetime, long memoryBytes, double jitter, Duration interval) {

  static RecycleSettings from(Config root, Problems problems) {
    var in = new Section(root, "recycle", problems);
    return new RecycleSettings(
        in.integer("requests", 0, 1_000_000_000),
        in.duration("lifetime", "0 s", "365 d"),
        in.bytes("memory", "0 B", "1 TiB"),
        in.fraction("jitter", 0.0, 0.5),
        in.duration("interval", "100 ms", "1 h"));
  }
}
