package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;

/** What one client may ask for; sizes in bytes. */
public record LimitSettings(Duration idleTimeout, int headerSizeBytes, long bodySizeBytes) {

  static LimitSettings from(Config root, Problems problems) {
    var in = new Section(root, "limits", problems);
    return new LimitSettings(
        in.duration("idle-timeout", "1 s", "24 h"),
        (int) in.bytes("header-size", "1 KiB", "1 MiB"),
        in.bytes("body-size", "0 B", "16 GiB"));
  }
}
