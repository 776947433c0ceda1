package dev.tidepool.load;

import java.util.Locale;
import java.util.Optional;

/** The scores as lines of text: a line of medians for each contender, and below it the spread. */
final class ScoreTable {
  private final Scores scores;

  ScoreTable(Scores scores) {
    this.scores = scores;
  }

  @Override
  public String toString() {
    var text = new StringBuilder(String.format("%-28s", ""));
    for (Figure figure : Figure.values()) {
      text.append(String.format("%17s", figure.title));
    }
    text.append('\n');
    for (Contender contender : scores.contenders()) {
      var medians = new StringBuilder(String.format("%-28s", contender.title));
      var spread = new StringBuilder(String.format("%-28s", ""));
      for (Figure figure : Figure.values()) {
        medians.append(cell(scores.of(contender, figure).map(r -> figure.format(r.median()))));
        spread.append(
            cell(
                scores
                    .of(contender, figure)
                    .filter(r -> r.values().size() > 1)
                    .map(r -> figure.format(r.lowest()) + "–" + figure.format(r.highest()))));
      }
      text.append(medians.toString().stripTrailing()).append('\n');
      text.append(spread.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String cell(Optional<String> text) {
    return String.format(Locale.ROOT, "%17s", text.orElse(""));
  }
}
