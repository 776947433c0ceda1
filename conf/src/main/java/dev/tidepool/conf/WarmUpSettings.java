package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Requests that a worker sends to itself before it serves. */
public record WarmUpSettings(List<String> paths, int round, double settled, Duration limit) {
  /** What may stand in a request line: printable ASCII. */
  static final Pattern TARGET = Pattern.compile("/[!-~]*");

  static WarmUpSettings from(Config root, Problems problems) {
    var in = new Section(root, "warm-up", problems);
    var c =
        new WarmUpSettings(
            in.texts("paths"),
            in.integer("round", 1, 100_000),
            in.fraction("settled", 0.0, 0.9),
            in.duration("limit", "0 s", "10 m"));
    in.require(
        c.paths.stream().allMatch(path -> TARGET.matcher(path).matches()),
        "paths",
        "expected each path to begin with \"/\", without spaces");
    return c;
  }
}
