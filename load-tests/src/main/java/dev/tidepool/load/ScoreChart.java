package dev.tidepool.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The scores as a picture (SVG): for each figure a bar for each contender, with its spread. */
final class ScoreChart {
  private static final List<Figure> SHOWN =
      List.of(Figure.KEPT, Figure.NEW, Figure.CPU, Figure.P99, Figure.PSS_LOADED, Figure.START);
  private static final int LABEL = 200;
  private static final int BAR = 420;
  private static final int WIDTH = LABEL + BAR + 100;
  private static final int LINE = 20;

  private final Scores scores;
  private final List<String> elements = new ArrayList<>();
  private int y;

  private ScoreChart(Scores scores) {
    this.scores = scores;
  }

  static String of(Scores scores) {
    var chart = new ScoreChart(scores);
    SHOWN.forEach(chart::figure);
    return String.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"12\">%n"
            + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n%s%n</svg>%n",
        WIDTH, chart.y + LINE, String.join("\n", chart.elements));
  }

  private void figure(Figure figure) {
    List<Contender> measured =
        scores.contenders().stream().filter(c -> scores.of(c, figure).isPresent()).toList();
    double most =
        measured.stream()
            .mapToDouble(c -> scores.of(c, figure).map(Rounds::highest).orElse(0.0))
            .max()
            .orElse(0);
    if (most <= 0) {
      return;
    }
    y += 2 * LINE;
    text(10, "font-weight=\"bold\"", figure.title);
    for (Contender contender : measured) {
      y += LINE;
      scores.of(contender, figure).ifPresent(rounds -> bar(contender, figure, rounds, most));
    }
  }

  private void bar(Contender contender, Figure figure, Rounds rounds, double most) {
    double scale = BAR / most;
    text(10, "", contender.title);
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"/>",
        LABEL, y - 11, rounds.median() * scale, contender.isTidepool() ? "#1b7f9e" : "#b9c4c9");
    add(
        "<path d=\"M%.1f %dH%.1f\" stroke=\"#333\"/>",
        LABEL + rounds.lowest() * scale, y - 4, LABEL + rounds.highest() * scale);
    text((int) (LABEL + rounds.highest() * scale) + 6, "", figure.format(rounds.median()));
  }

  private void text(int x, String attributes, String text) {
    add("<text x=\"%d\" y=\"%d\" %s>%s</text>", x, y, attributes, text);
  }

  private void add(String format, Object... arguments) {
    elements.add(String.format(Locale.ROOT, format, arguments));
  }
}
