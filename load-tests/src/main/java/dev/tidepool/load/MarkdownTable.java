package dev.tidepool.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A table in Markdown, with its cells padded, so that a terminal shows it as well. */
final class MarkdownTable {
  private final List<List<String>> rows = new ArrayList<>();

  MarkdownTable(String... heads) {
    rows.add(List.of(heads));
  }

  /** Numbers get about three digits. */
  void row(Object... cells) {
    if (cells.length != rows.get(0).size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + rows.get(0));
    }
    rows.add(Stream.of(cells).map(MarkdownTable::text).toList());
  }

  private static String text(Object cell) {
    if (cell instanceof Double number) {
      String format = number < 10 ? "%.2f" : number < 100 ? "%.1f" : "%,.0f";
      return String.format(Locale.ROOT, format, number);
    }
    return cell instanceof Integer number
        ? String.format(Locale.ROOT, "%,d", number)
        : cell.toString();
  }

  @Override
  public String toString() {
    int columns = rows.get(0).size();
    int[] widths =
        IntStream.range(0, columns)
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toArray();
    var lines = new ArrayList<>(rows.stream().map(row -> line(row, widths)).toList());
    lines.add(1, "|" + "---|".repeat(columns));
    return String.join("\n", lines) + "\n";
  }

  private static String line(List<String> row, int[] widths) {
    return IntStream.range(0, row.size())
        .mapToObj(i -> row.get(i) + " ".repeat(widths[i] - row.get(i).length()))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
