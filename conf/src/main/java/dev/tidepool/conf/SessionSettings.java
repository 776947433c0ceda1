package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.regex.Pattern;

/** Life and cookie of HTTP sessions. */
public record SessionSettings(Duration timeout, String cookie) {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  static SessionSettings from(Config root, Problems problems) {
    var in = new Section(root, "sessions", problems);
    var c = new SessionSettings(in.duration("timeout", "1 s", "365 d"), in.text("cookie"));
    in.require(
        TOKEN.matcher(c.cookie).matches(),
        "cookie",
        "expected a cookie name: letters, digits and !#$%&'*+-.^_`|~ (RFC 6265)");
    return c;
  }
}
