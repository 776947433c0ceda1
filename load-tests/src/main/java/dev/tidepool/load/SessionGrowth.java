package dev.tidepool.load;

import dev.tidepool.session.SharedSessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Stores of ever more sessions of 512 bytes, in one process: size of the files, time of a get and
 * put of a random session, memory of the process, which holds the pages that it has touched, and
 * time of a look for expired sessions, when none and when {@value #DUE} are.
 */
final class SessionGrowth {
  private static final int BYTES = 512;
  private static final int OPERATIONS = 200_000;
  private static final int DUE = 100;
  private static final int PASSES = 5;

  /** So long ago that a session is dropped although its app does not run here. */
  private static final long PAST_MILLIS = TimeUnit.MINUTES.toMillis(10);

  private SessionGrowth() {}

  static void print(List<Integer> counts) throws IOException {
    var table =
        new MarkdownTable(
            "sessions",
            "store MB",
            "get+put p50 µs",
            "get+put p99 µs",
            "PSS MB",
            "expiry, none due, ms",
            "expiry, " + DUE + " due, ms");
    for (int count : counts) {
      measure(table, new SessionSize(count, BYTES));
    }
    System.out.printf("%n%s", table);
  }

  private static void measure(MarkdownTable table, SessionSize size) throws IOException {
    try (var bench = Workbench.open();
        var sessions =
            SharedSessions.open(ChronicleStore.settings(bench.directory(), size), () -> 0)) {
      StoreClient client = ChronicleStore.client(sessions.store());
      byte[] value = size.newValue();
      for (int session = 0; session < size.sessions(); session++) {
        SessionSize.stamp(value, session);
        client.select(session);
        client.put(value);
      }
      var random = new Random(1);
      measure(client, size, random); // compiles
      long[] nanos = measure(client, size, random);
      table.row(
          size.sessions(),
          bytes(bench.directory()) / 1048576.0,
          nanos[OPERATIONS / 2] / 1e3,
          nanos[OPERATIONS / 100 * 99] / 1e3,
          ProcessTree.pssMegabytes(ProcessHandle.current().pid()),
          expiryMillis(sessions, size, 0),
          expiryMillis(sessions, size, DUE));
    }
  }

  /** Of one look, the median. */
  private static double expiryMillis(SharedSessions sessions, SessionSize size, int due)
      throws IOException {
    StoreClient client = ChronicleStore.client(sessions.store());
    byte[] expired = size.newValue(System.currentTimeMillis() - PAST_MILLIS);
    List<Double> millis = new ArrayList<>();
    for (int pass = 0; pass < PASSES; pass++) {
      for (int i = 0; i < due; i++) {
        client.select((pass * due + i) * (size.sessions() / (PASSES * due)));
        client.put(expired);
      }
      long begin = System.nanoTime();
      sessions.tick();
      millis.add((System.nanoTime() - begin) / 1e6);
    }
    return new Rounds(millis).median();
  }

  /** In ascending order. */
  private static long[] measure(StoreClient client, SessionSize size, Random random)
      throws IOException {
    long[] nanos = new long[OPERATIONS];
    for (int i = 0; i < OPERATIONS; i++) {
      int session = random.nextInt(size.sessions());
      client.select(session);
      long begin = System.nanoTime();
      byte[] value = client.get();
      client.put(value);
      nanos[i] = System.nanoTime() - begin;
      size.check(value, session);
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static long bytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      long sum = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sum += Files.size(file);
      }
      return sum;
    }
  }
}
