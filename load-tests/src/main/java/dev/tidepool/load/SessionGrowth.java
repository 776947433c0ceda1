package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Stores of ever more sessions of 512 bytes, in one process: size of the files, time of a get and
 * put of a random session, and memory of the process, which holds the pages that it has touched.
 */
final class SessionGrowth {
  private static final int BYTES = 512;
  private static final int OPERATIONS = 200_000;

  private SessionGrowth() {}

  static void print(List<Integer> counts) throws IOException {
    System.out.printf(
        "%n%10s %10s %14s %14s %10s%n",
        "sessions", "store MB", "get+put p50 µs", "get+put p99 µs", "PSS MB");
    for (int count : counts) {
      print(new SessionSize(count, BYTES));
    }
  }

  private static void print(SessionSize size) throws IOException {
    try (var bench = Workbench.open();
        var store = new ChronicleStore(bench.directory(), size)) {
      StoreClient client = store.client();
      byte[] value = size.newValue();
      for (int session = 0; session < size.sessions(); session++) {
        SessionSize.stamp(value, session);
        client.select(session);
        client.put(value);
      }
      var random = new Random(1);
      measure(client, size, random); // compiles
      long[] nanos = measure(client, size, random);
      System.out.printf(
          Locale.ROOT,
          "%,10d %,10.1f %,14.2f %,14.2f %,10.1f%n",
          size.sessions(),
          bytes(bench.directory()) / 1048576.0,
          nanos[OPERATIONS / 2] / 1e3,
          nanos[OPERATIONS / 100 * 99] / 1e3,
          ProcessTree.pssMegabytes(ProcessHandle.current().pid()));
    }
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
