package dev.tidepool.load;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The scores for programs: an object for each contender, and the targets. */
final class ScoreJson {
  private ScoreJson() {}

  static String of(Scores scores, List<Target> targets, String machine) {
    return JsonReport.of(
        machine,
        "contenders",
        scores.contenders().stream().map(each -> contender(scores, each)),
        targets);
  }

  private static String contender(Scores scores, Contender contender) {
    return "{\"contender\":\""
        + contender.title
        + "\""
        + Arrays.stream(Figure.values())
            .flatMap(
                figure ->
                    scores.of(contender, figure).map(rounds -> figure(figure, rounds)).stream())
            .collect(Collectors.joining())
        + "}";
  }

  private static String figure(Figure figure, Rounds rounds) {
    return ",\"" + figure.name().toLowerCase(Locale.ROOT) + "\":" + rounds.json();
  }
}
