package dev.tidepool.conf;

import com.typesafe.config.Config;

/** What is kept of workers that were hung or killed. */
public record IncidentSettings(int keep, long sizeBytes, boolean heapDump, boolean flightRecorder) {

  static IncidentSettings from(Config root, Problems problems) {
    var in = new Section(root, "incidents", problems);
    return new IncidentSettings(
        in.integer("keep", 1, 1000),
        in.bytes("size", "1 MiB", "1 TiB"),
        in.flag("heap-dump"),
        in.flag("flight-recorder"));
  }
}
