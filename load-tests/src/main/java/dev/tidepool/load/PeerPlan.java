package dev.tidepool.load;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whom {@link PeerBenchmark} measures, and for how long.
 *
 * @param rounds of all that is measured in turns
 * @param memoryRounds starts of each server
 * @param cold load on a server that has just started
 * @param warmUp longest warm-up for each kind of load
 * @param rest for memory to settle; above the time between two trims of a worker's heap
 * @param workers of the pools that only pools are measured by
 * @param poolSettings of all pools
 * @param otherJava home of a second JVM for the start of workers
 */
record PeerPlan(
    List<Contender> contenders,
    int rounds,
    int memoryRounds,
    int reloads,
    Duration round,
    Duration cold,
    Duration warmUp,
    Duration rest,
    int workers,
    List<String> poolSettings,
    Optional<String> otherJava) {
  private static final String JAVA_HOME = "--java-home=";

  private static final List<Contender> FEW =
      List.of(Contender.TIDEPOOL_1, Contender.UNDERTOW, Contender.TOMCAT_TUNED);

  static PeerPlan of(List<String> options) {
    Duration second = Duration.ofSeconds(1);
    Optional<String> otherJava =
        options.stream()
            .filter(option -> option.startsWith(JAVA_HOME))
            .map(option -> option.substring(JAVA_HOME.length()))
            .findFirst();
    if (options.contains("--short")) {
      return new PeerPlan(
          contenders(FEW, options),
          1,
          1,
          1,
          second,
          second,
          Duration.ZERO,
          Duration.ZERO,
          1,
          List.of("warm-up.limit=0s"),
          otherJava);
    }
    boolean full = options.contains("--full");
    return new PeerPlan(
        contenders(
            Stream.of(Contender.values()).filter(each -> !each.onlyIfAsked()).toList(), options),
        full ? 9 : 5,
        full ? 3 : 1,
        full ? 100 : 10,
        Duration.ofSeconds(full ? 5 : 3),
        Duration.ofSeconds(4),
        Duration.ofSeconds(full ? 180 : 120),
        Duration.ofSeconds(2),
        4,
        List.of(),
        otherJava);
  }

  /** These, and {@code --gunicorn} or {@code --uwsgi} if it is asked for. */
  private static List<Contender> contenders(List<Contender> always, List<String> options) {
    Stream<Contender> asked =
        Stream.of(Contender.values())
            .filter(Contender::onlyIfAsked)
            .filter(each -> options.contains("--" + each.name().toLowerCase(Locale.ROOT)));
    return Stream.concat(always.stream(), asked).toList();
  }
}
