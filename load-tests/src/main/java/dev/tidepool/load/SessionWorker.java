package dev.tidepool.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A process that works on one store as its parent says, line by line: {@code fill FROM TO}, or
 * {@code run OPERATION THREADS MILLIS}, which is answered by a {@link Measurement}. Ends when the
 * parent does.
 */
final class SessionWorker {
  private final TestedStore store;
  private final SessionSize size;

  private SessionWorker(TestedStore store, SessionSize size) {
    this.store = store;
    this.size = size;
  }

  /** Arguments: kind of store, directory, sessions, bytes. */
  public static void main(String[] arguments) throws Exception {
    var size = new SessionSize(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
    var kind = TestedStore.Kind.valueOf(arguments[0]);
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    try (TestedStore store = kind.open(Path.of(arguments[1]), size)) {
      var worker = new SessionWorker(store, size);
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        System.out.println(worker.answer(line.split(" ", -1)));
      }
    }
  }

  private String answer(String[] command) throws Exception {
    return switch (command[0]) {
      case "fill" -> fill(Integer.parseInt(command[1]), Integer.parseInt(command[2]));
      case "run" ->
          run(
                  Operation.valueOf(command[1]),
                  Integer.parseInt(command[2]),
                  TimeUnit.MILLISECONDS.toNanos(Long.parseLong(command[3])))
              .encode();
      default -> throw new IllegalArgumentException("unknown: " + command[0]);
    };
  }

  private String fill(int from, int to) throws IOException {
    byte[] value = size.newValue();
    try (StoreClient client = store.client()) {
      for (int session = from; session < to; session++) {
        SessionSize.stamp(value, session);
        client.select(session);
        client.put(value);
      }
    }
    return "filled";
  }

  private Measurement run(Operation operation, int threads, long nanos)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Callable<Measurement> loop = () -> loop(operation, nanos);
      List<Measurement> parts = new ArrayList<>();
      for (Future<Measurement> part : pool.invokeAll(Collections.nCopies(threads, loop))) {
        parts.add(part.get());
      }
      return Measurement.sum(parts);
    } finally {
      pool.shutdown();
    }
  }

  private Measurement loop(Operation operation, long nanos) throws IOException {
    var random = new SplittableRandom();
    var latencies = new Latencies();
    byte[] fresh = size.newValue();
    try (StoreClient client = store.client()) {
      long start = System.nanoTime();
      long now = start;
      long operations = 0;
      while (now - start < nanos) {
        int session = random.nextInt(size.sessions());
        SessionSize.stamp(fresh, session);
        client.select(session);
        long before = System.nanoTime();
        byte[] value = operation.perform(client, fresh);
        now = System.nanoTime();
        latencies.add(now - before);
        size.check(value, session);
        operations++;
      }
      return new Measurement(operations * 1e9 / (now - start), latencies);
    }
  }
}
