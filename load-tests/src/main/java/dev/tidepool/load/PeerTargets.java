package dev.tidepool.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What Tidepool is to reach beside its peers, and whether it does. */
final class PeerTargets {
  private static final int EXTRA_WORKERS =
      Contender.TIDEPOOL_4.workers - Contender.TIDEPOOL_1.workers;

  private final Scores scores;
  private final int javaFeature;
  private final List<Target> targets = new ArrayList<>();

  private PeerTargets(Scores scores, int javaFeature) {
    this.scores = scores;
    this.javaFeature = javaFeature;
  }

  /** Those whose figures were measured. */
  static List<Target> of(Scores scores, int javaFeature) {
    var targets = new PeerTargets(scores, javaFeature);
    targets.atLeast(Figure.KEPT, Contender.UNDERTOW, 1.15);
    targets.atLeast(Figure.KEPT, Contender.UNDERTOW_FLAGS, 1.0);
    targets.atLeast(Figure.NEW, Contender.UNDERTOW, 1.15);
    targets.atLeast(Figure.NEW, Contender.UNDERTOW_FLAGS, 1.0);
    targets.bestOfTomcatAndJetty();
    targets.cpu();
    targets.memory();
    return targets.targets;
  }

  private void atLeast(Figure figure, Contender peer, double wanted) {
    scores
        .ratio(Contender.TIDEPOOL_4, peer, figure)
        .ifPresent(ratio -> atLeast(ratio, wanted, figure.title + ", 4 workers to " + peer.title));
  }

  private void bestOfTomcatAndJetty() {
    Stream.of(Contender.TOMCAT, Contender.TOMCAT_TUNED, Contender.JETTY, Contender.JETTY_TUNED)
        .filter(peer -> scores.of(peer, Figure.KEPT).isPresent())
        .max(Comparator.comparing(peer -> scores.of(peer, Figure.KEPT).map(Rounds::median).get()))
        .ifPresent(best -> atLeast(Figure.KEPT, best, 1.4));
  }

  private void cpu() {
    scores
        .ratio(Contender.TIDEPOOL_4, Contender.UNDERTOW, Figure.CPU)
        .ifPresent(ratio -> atMost(ratio, 0.85, "CPU per request, 4 workers to stock Undertow"));
  }

  private void memory() {
    var most = scores.of(Contender.TIDEPOOL_4, Figure.PSS_LOADED);
    var least = scores.of(Contender.TIDEPOOL_1, Figure.PSS_LOADED);
    if (most.isPresent() && least.isPresent()) {
      double each = (most.get().median() - least.get().median()) / EXTRA_WORKERS;
      atMost(
          new Rounds(List.of(each)),
          javaFeature >= 25 ? 45 : 40,
          "MB PSS per additional worker after load, Java " + javaFeature);
    }
    scores
        .of(Contender.TIDEPOOL_4, Figure.PSS_MASTER)
        .ifPresent(master -> atMost(master, 40, "MB PSS of the master"));
  }

  private void atLeast(Rounds measured, double wanted, String what) {
    targets.add(least(measured, wanted, what));
  }

  private void atMost(Rounds measured, double wanted, String what) {
    targets.add(most(measured, wanted, what));
  }

  /** A figure that may not be lower. */
  static Target least(Rounds measured, double wanted, String what) {
    return target(measured, wanted, what, "at least", measured.median() >= wanted);
  }

  /** A figure that may not be higher. */
  static Target most(Rounds measured, double wanted, String what) {
    return target(measured, wanted, what, "at most", measured.median() <= wanted);
  }

  private static Target target(
      Rounds measured, double wanted, String what, String bound, boolean reached) {
    return new Target(
        String.format(
            Locale.ROOT,
            "%s: %.2f (%.2f–%.2f), wanted %s %.2f",
            what,
            measured.median(),
            measured.lowest(),
            measured.highest(),
            bound,
            wanted),
        reached);
  }
}
