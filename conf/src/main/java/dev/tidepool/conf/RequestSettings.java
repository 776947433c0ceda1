package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Limits on the time that requests take.
 *
 * @param paths other limits, by the beginning of the path that they are for
 */
public record RequestSettings(
    RequestLimit limit, Duration interruptGrace, Map<String, RequestLimit> paths) {

  static RequestSettings from(Config root, Problems problems) {
    var in = new Section(root, "request", problems);
    Map<String, RequestLimit> paths = new LinkedHashMap<>();
    in.named("paths", Set.of("soft-timeout", "hard-timeout"))
        .forEach((path, section) -> paths.put(path, RequestLimit.from(section)));
    in.require(
        paths.keySet().stream().allMatch(path -> path.startsWith("/")),
        "paths",
        "expected each name to be a path that begins with \"/\"");
    return new RequestSettings(
        RequestLimit.from(in), in.duration("interrupt-grace", "10 ms", "1 h"), paths);
  }
}
