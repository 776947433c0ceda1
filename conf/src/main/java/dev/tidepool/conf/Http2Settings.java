package dev.tidepool.conf;

import com.typesafe.config.Config;

/** What one HTTP/2 client may ask for. */
public record Http2Settings(int concurrentStreams, int resets, int controlFrames) {

  static Http2Settings from(Config root, Problems problems) {
    var in = new Section(root, "http2", problems);
    return new Http2Settings(
        in.integer("concurrent-streams", 1, 10_000),
        in.integer("resets", 10, 1_000_000),
        in.integer("control-frames", 10, 1_000_000));
  }
}
