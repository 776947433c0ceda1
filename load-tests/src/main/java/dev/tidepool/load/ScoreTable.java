package dev.tidepool.load;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The scores in Markdown, a row for each contender: medians, and the spread of what has a column of
 * its own.
 */
final class ScoreTable {
  private record Column(String title, List<Figure> figures) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("kept req/s", List.of(Figure.KEPT)),
          new Column("CPU µs/request", List.of(Figure.CPU)),
          new Column("new connections/s", List.of(Figure.NEW)),
          new Column("CPU µs/new connection", List.of(Figure.CPU_NEW)),
          new Column("p50 / p99 / p99.9 ms", List.of(Figure.P50, Figure.P99, Figure.P999)),
          new Column("PSS idle / after load MB", List.of(Figure.PSS_IDLE, Figure.PSS_LOADED)),
          new Column("start to first answer ms", List.of(Figure.START)),
          new Column("cold req/s", List.of(Figure.COLD)),
          new Column("warm after s, kept / new", List.of(Figure.WARM_KEPT, Figure.WARM_NEW)));

  private final Scores scores;

  ScoreTable(Scores scores) {
    this.scores = scores;
  }

  @Override
  public String toString() {
    var table =
        new MarkdownTable(
            Stream.concat(Stream.of(""), COLUMNS.stream().map(Column::title))
                .toArray(String[]::new));
    for (Contender contender : scores.contenders()) {
      table.row(
          Stream.concat(
                  Stream.of(contender.title),
                  COLUMNS.stream().map(column -> cell(contender, column.figures)))
              .toArray());
    }
    return table.toString();
  }

  private String cell(Contender contender, List<Figure> figures) {
    String medians =
        figures.stream()
            .flatMap(
                figure -> scores.of(contender, figure).map(r -> figure.format(r.median())).stream())
            .collect(Collectors.joining(" / "));
    return medians + (figures.size() == 1 ? spread(contender, figures.get(0)) : "");
  }

  private String spread(Contender contender, Figure figure) {
    return scores
        .of(contender, figure)
        .filter(rounds -> rounds.values().size() > 1)
        .map(r -> " (" + figure.format(r.lowest()) + "–" + figure.format(r.highest()) + ")")
        .orElse("");
  }
}
