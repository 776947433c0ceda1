package dev.tidepool.conf;

import com.typesafe.config.Config;

/** How requests are read. */
public record HttpSettings(Paths paths, boolean requestIds) {

  /** What becomes of a path that can be read in more than one way. */
  public enum Paths {
    CANONICAL,
    REFUSE,
    AS_SENT
  }

  static HttpSettings from(Config root, Problems problems) {
    var in = new Section(root, "http", problems);
    return new HttpSettings(in.choice("paths", Paths.class), in.flag("request-ids"));
  }
}
