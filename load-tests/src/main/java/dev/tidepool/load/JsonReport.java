package dev.tidepool.load;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a benchmark tells programs: its machine, an object for each result, and the targets. */
final class JsonReport {
  private JsonReport() {}

  /** The list of {@code results}, JSON objects, has the name {@code title}. */
  static String of(String machine, String title, Stream<String> results, List<Target> targets) {
    return String.format(
        "{\"machine\":\"%s\",%n\"%s\":[%n%s],%n\"targets\":[%n%s]}%n",
        machine,
        title,
        results.collect(Collectors.joining(",\n")),
        targets.stream().map(Target::json).collect(Collectors.joining(",\n")));
  }
}
