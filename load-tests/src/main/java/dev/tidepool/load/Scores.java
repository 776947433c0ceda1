package dev.tidepool.load;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** What was measured of whom, in the order of the rounds. */
final class Scores {
  private final Map<Contender, Map<Figure, List<Double>>> values = new EnumMap<>(Contender.class);

  void add(Contender contender, Figure figure, double value) {
    values
        .computeIfAbsent(contender, c -> new EnumMap<>(Figure.class))
        .computeIfAbsent(figure, f -> new ArrayList<>())
        .add(value);
  }

  Set<Contender> contenders() {
    return values.keySet();
  }

  /** Empty if it was not measured. */
  Optional<Rounds> of(Contender contender, Figure figure) {
    return Optional.of(list(contender, figure)).filter(list -> !list.isEmpty()).map(Rounds::new);
  }

  /**
   * Of one contender to another, within each round: what slows a whole round slows both. Empty if
   * one of them was not measured.
   */
  Optional<Rounds> ratio(Contender one, Contender other, Figure figure) {
    List<Double> above = list(one, figure);
    List<Double> below = list(other, figure);
    return Optional.of(
            IntStream.range(0, Math.min(above.size(), below.size()))
                .mapToObj(round -> above.get(round) / below.get(round))
                .toList())
        .filter(ratios -> !ratios.isEmpty())
        .map(Rounds::new);
  }

  private List<Double> list(Contender contender, Figure figure) {
    return values.getOrDefault(contender, Map.of()).getOrDefault(figure, List.of());
  }
}
