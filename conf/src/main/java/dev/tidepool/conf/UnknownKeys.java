package dev.tidepool.conf;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds keys that mean nothing, and guesses what was meant. */
final class UnknownKeys {
  private final Problems problems;
  private final List<String> known = new ArrayList<>();

  UnknownKeys(Problems problems) {
    this.problems = problems;
    for (String key : Reference.keys()) {
      for (int dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
        String section = key.substring(0, dot);
        if (!known.contains(section)) {
          known.add(section);
        }
      }
      known.add(key);
    }
  }

  /** Notes each key of a layer, which still has its root, that {@code reference.conf} lacks. */
  void check(ConfigObject layer) {
    for (Map.Entry<String, ConfigValue> entry : sorted(layer)) {
      if (!entry.getKey().equals(Reference.ROOT)) {
        note(entry.getKey(), entry.getValue(), rooted(entry.getKey()));
      } else if (entry.getValue() instanceof ConfigObject root) {
        check(root, Reference.DEFAULTS.root(), "");
      } else {
        problems.add(Reference.ROOT, entry.getValue(), "expected a section { … }");
      }
    }
  }

  private void check(ConfigObject given, ConfigObject reference, String prefix) {
    for (Map.Entry<String, ConfigValue> entry : sorted(given)) {
      String key = prefix + entry.getKey();
      ConfigValue expected = reference.get(entry.getKey());
      if (expected == null) {
        note(key, entry.getValue(), nearest(key));
      } else if (expected instanceof ConfigObject section
          && entry.getValue() instanceof ConfigObject below
          && !Reference.FREE.contains(key)) {
        check(below, section, key + ".");
      }
    }
  }

  private void note(String key, ConfigValue value, Optional<String> meant) {
    problems.add(
        key, value, "unknown key" + meant.map(m -> "; did you mean " + m + "?").orElse(""));
  }

  private Optional<String> rooted(String key) {
    return distance(key, Reference.ROOT) <= Reference.ROOT.length() / 3
        ? Optional.of(Reference.ROOT)
        : nearest(key).map(meant -> Reference.ROOT + "." + meant);
  }

  private Optional<String> nearest(String key) {
    String name = last(key);
    return known.stream()
        .filter(candidate -> distance(name, last(candidate)) <= name.length() / 3)
        .min(
            Comparator.<String>comparingInt(candidate -> distance(key, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /**
   * Letters to insert, delete, replace or swap with their neighbour; other ways to write a hyphen
   * ({@code io_threads}, {@code ioThreads}) count for nothing.
   */
  static int distance(String one, String other) {
    String a = hyphenated(one);
    String b = hyphenated(other);
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }

  private static String hyphenated(String key) {
    return key.replaceAll("(?<=[a-z])(?=[A-Z])|_", "-").toLowerCase(Locale.ROOT);
  }

  private static List<Map.Entry<String, ConfigValue>> sorted(ConfigObject object) {
    return object.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, ConfigValue>>comparingInt(
                    entry -> entry.getValue().origin().lineNumber())
                .thenComparing(Map.Entry::getKey))
        .toList();
  }
}
