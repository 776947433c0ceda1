package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/** What is kept of workers that were hung or killed. */
public record IncidentSettings(
    int keep, long sizeBytes, Duration answerTimeout, boolean heapDump, boolean flightRecorder) {

  static IncidentSettings from(Config root, Problems problems) {
    var in = new Section(root, "incidents", problems);
    return new IncidentSettings(
        in.integer("keep", 1, 1000),
        in.bytes("size", "1 MiB", "1 TiB"),
        in.duration("answer-timeout", "100 ms", "1 m"),
        in.flag("heap-dump"),
        in.flag("flight-recorder"));
  }
}
