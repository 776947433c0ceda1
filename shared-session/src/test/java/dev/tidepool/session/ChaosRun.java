package dev.tidepool.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Kills writers and looks whether anything that they acknowledged is gone, torn, or out of reach.
 * The long form is started by load-tests/chaos.sh: {@code ChaosRun KILLS PROCESSES SECONDS}; exit
 * code 1 if there is any flaw, or if nothing was put to the test.
 */
final class ChaosRun implements AutoCloseable {
  private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Path directory;
  private final int processes;
  private final ChaosLedger ledger;
  private final ChronicleSessionStore store;
  private final Process[] writers;
  private final long[] startedAt;
  private final Random random = new Random();
  private final List<Long> stalls = new ArrayList<>();
  private final Map<StoreProbe.Point, Integer> plantedKills = new EnumMap<>(StoreProbe.Point.class);
  private int randomKills;
  private int lost;
  private int torn;
  private int doubled;
  private int stuck;

  ChaosRun(Path directory, int processes) throws IOException {
    this.directory = directory;
    this.processes = processes;
    this.ledger = ChaosLedger.create(directory.resolve("ledger"));
    this.store =
        ChronicleSessionStore.open(ChaosWriter.settings(directory.resolve("store")), () -> 99);
    this.writers = new Process[processes];
    this.startedAt = new long[processes];
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "tidepool-chaos");
    ChaosRun run = new ChaosRun(directory, Integer.parseInt(args[1]));
    Runtime.getRuntime().addShutdownHook(new Thread(run::end, "end writers"));
    run.kill(Integer.parseInt(args[0]), Integer.parseInt(args[2]));
    System.out.println(run.report());
    System.exit(run.isFlawless() ? 0 : 1);
  }

  /** Also when the run is interrupted. The logs of the writers stay if they tell of a flaw. */
  private void end() {
    for (Process writer : writers) {
      if (writer != null) {
        writer.destroyForcibly().onExit().join();
      }
    }
    if (lost + torn + doubled + stuck > 0) {
      System.out.println("see " + directory);
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isFlawless() {
    return lost + torn + doubled + stuck == 0
        && planted() > 0
        && store.statistics().recoveries() > 0;
  }

  /** Kills until {@code kills} have died or {@code seconds} are over, but at a point once. */
  void kill(int kills, int seconds) throws IOException {
    for (int i = 0; i < processes; i++) {
      start(i, "-");
    }
    for (int i = 0; i < processes; i++) {
      awaitProgress(i);
    }
    StoreProbe.Point[] points = StoreProbe.Point.values();
    long since = System.nanoTime();
    long limit = TimeUnit.SECONDS.toNanos(seconds);
    for (int round = 0;
        randomKills + planted() < kills && (planted() == 0 || System.nanoTime() - since < limit);
        round++) {
      int victim = round % processes;
      // A stride that visits all, so that also a short run has points of writes and of repairs.
      StoreProbe.Point point = points[(3 + round / 2 * 4) % points.length];
      if (round % 2 == 0) {
        killAnyTime(victim);
      } else if (point.compareTo(StoreProbe.Point.READING) <= 0) {
        killAt(victim, point);
      } else {
        killInRepair(victim, (victim + 1) % processes, point);
      }
      verify();
    }
  }

  private void killAnyTime(int victim) throws IOException {
    ledger.hurry(true); // or most would die in their pause
    LockSupport.parkNanos(random.nextInt(3_000_000));
    resetStalls();
    writers[victim].destroyForcibly();
    randomKills++;
    awaitExit(victim);
    noteStalls(victim);
    ledger.hurry(false);
    start(victim, "-");
    awaitStart(victim);
  }

  private void killAt(int victim, StoreProbe.Point point) throws IOException {
    writers[victim].destroyForcibly();
    randomKills++;
    awaitExit(victim);
    resetStalls();
    start(victim, point.name());
    awaitPlanted(victim, point);
    noteStalls(victim);
    start(victim, "-");
    awaitStart(victim);
  }

  /** Leaves two processes: one dies in a write, the other while it repairs what that left. */
  private void killInRepair(int writer, int repairer, StoreProbe.Point point) throws IOException {
    for (int i = 0; i < processes; i++) {
      writers[i].destroyForcibly();
      randomKills++;
      awaitExit(i);
    }
    start(repairer, point.name());
    start(writer, StoreProbe.Point.JOURNAL_COMMITTED.name());
    awaitPlanted(writer, StoreProbe.Point.JOURNAL_COMMITTED);
    awaitPlanted(repairer, point);
    for (int i = 0; i < processes; i++) {
      start(i, "-");
    }
    for (int i = 0; i < processes; i++) {
      awaitStart(i);
    }
  }

  private void awaitPlanted(int victim, StoreProbe.Point point) {
    awaitExit(victim);
    if (writers[victim].exitValue() != 128 + 9) {
      throw new AssertionError("writer " + victim + " ended by itself, see " + directory);
    }
    plantedKills.merge(point, 1, Integer::sum);
  }

  private void noteStalls(int victim) {
    for (int other = 0; other < processes; other++) {
      if (other != victim) {
        awaitProgress(other);
        stalls.add(ledger.takeLongestNanos(other));
      }
    }
  }

  private void resetStalls() {
    for (int i = 0; i < processes; i++) {
      ledger.takeLongestNanos(i);
    }
  }

  private void verify() {
    for (int session = 0; session < ChaosLedger.SESSIONS; session++) {
      long acknowledged = ledger.acknowledged(session);
      byte[][] names = ChaosLedger.names(session);
      byte[] first = null;
      // Moved between the two looks: look again, it cannot be missed for ever.
      for (int look = 0; look < 100 && first == null; look++) {
        first = store.get(names[0]);
        first = first == null ? store.get(names[1]) : first;
      }
      long tried = ledger.tried(session);
      if (first == null) {
        lost += acknowledged > 0 ? 1 : 0;
      } else if (Stores.number(first) < 0) {
        torn++;
      } else if (Stores.number(first) < acknowledged || Stores.number(first) > tried) {
        lost++;
      }
    }
  }

  /** With all writers dead: nothing under two names, and the books agree with the map. */
  void verifyAtRest() {
    for (int i = 0; i < processes; i++) {
      writers[i].destroyForcibly();
      awaitExit(i);
    }
    verify();
    int sessions = 0;
    for (int session = 0; session < ChaosLedger.SESSIONS; session++) {
      byte[][] names = ChaosLedger.names(session);
      boolean first = store.get(names[0]) != null;
      boolean second = store.get(names[1]) != null;
      doubled += first && second ? 1 : 0;
      sessions += (first ? 1 : 0) + (second ? 1 : 0);
    }
    if (sessions != store.statistics().sessions()) {
      throw new AssertionError(
          "counted " + store.statistics().sessions() + ", there are " + sessions);
    }
  }

  int lost() {
    return lost;
  }

  int torn() {
    return torn;
  }

  int doubled() {
    return doubled;
  }

  int stuck() {
    return stuck;
  }

  int planted() {
    return plantedKills.values().stream().mapToInt(Integer::intValue).sum();
  }

  ChronicleSessionStore store() {
    return store;
  }

  String report() {
    verifyAtRest();
    List<Long> sorted = stalls.stream().sorted().toList();
    return String.format(
        "chaos: %d random and %d planted kills of %d processes; recoveries=%d takeovers=%d lost=%d"
            + " torn=%d doubled=%d stuck=%d; survivors' longest operation p50=%.1f p99=%.1f"
            + " max=%.1f ms (wanted on a quiet machine: p99 of at most 50.0); %s",
        randomKills,
        planted(),
        processes,
        store.statistics().recoveries(),
        store.statistics().takeovers(),
        lost,
        torn,
        doubled,
        stuck,
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.get(sorted.size() * 99 / 100) / 1e6,
        sorted.get(sorted.size() - 1) / 1e6,
        plantedKills);
  }

  private void start(int process, String planted) throws IOException {
    startedAt[process] = ledger.operations(process);
    writers[process] =
        Children.start(
            ChaosWriter.class,
            directory.resolve("writer-" + process + ".log"),
            directory.resolve("store").toString(),
            directory.resolve("ledger").toString(),
            String.valueOf(process),
            String.valueOf(processes),
            planted);
  }

  private void awaitStart(int process) {
    long since = System.nanoTime();
    while (ledger.operations(process) == startedAt[process]) {
      if (System.nanoTime() - since > START_NANOS) {
        throw new AssertionError("writer " + process + " did not start, see " + directory);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void awaitProgress(int process) {
    awaitStart(process);
    long seen = ledger.operations(process);
    long since = System.nanoTime();
    while (ledger.operations(process) == seen) {
      if (System.nanoTime() - since > STUCK_NANOS) {
        stuck++;
        return;
      }
      LockSupport.parkNanos(100_000);
    }
  }

  private boolean exitsWithin(int process, long millis) {
    try {
      return writers[process].waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitExit(int process) {
    if (!exitsWithin(process, 30_000)) {
      throw new AssertionError("writer " + process + " does not die");
    }
  }

  @Override
  public void close() {
    for (Process writer : writers) {
      if (writer != null) {
        writer.destroyForcibly();
      }
    }
    store.close();
  }
}
