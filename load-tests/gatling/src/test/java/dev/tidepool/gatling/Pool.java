package dev.tidepool.gatling;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The pool under load, as its operator has it: by the command, and by signals. */
final class Pool {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final long STATUS_MILLIS = 500; // each asks by a JVM of its own
  private static final String COMMAND = System.getProperty("tidepool.command", "bin/tidepool");
  private static final String RUN_DIR = System.getProperty("tidepool.run-dir", "run");
  private static final String RECYCLING_RUN_DIR =
      System.getProperty("tidepool.recycling-run-dir", RUN_DIR);

  /** More than one round of the pool's usual two workers. */
  private static final int RECYCLED = 4;

  private Pool() {}

  /** Nothing may be lost. */
  static int reload() throws IOException, InterruptedException {
    run(COMMAND, "reload", "--run-dir=" + RUN_DIR);
    return 0;
  }

  /** Kills a worker: what it held may be lost. */
  static int killWorker() throws IOException, InterruptedException {
    return loseWorker(true);
  }

  /** Stops a worker, which the master kills after {@code health.stopped-timeout}. */
  static int stopWorker() throws IOException, InterruptedException {
    return loseWorker(false);
  }

  /** Waits until workers were recycled several times: nothing may be lost. */
  static int awaitRecycling() throws IOException, InterruptedException {
    int before = recycled();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      Thread.sleep(STATUS_MILLIS);
      int now = recycled() - before;
      if (now >= RECYCLED) {
        System.out.println(now + " workers were recycled");
        return 0;
      }
    }
    throw new IOException(
        "fewer than %d workers were recycled within %s; see recycle.* of the pool's configuration"
            .formatted(RECYCLED, LIMIT));
  }

  private static int recycled() throws IOException, InterruptedException {
    return status(RECYCLING_RUN_DIR).get("recycled").asInt();
  }

  /**
   * Stops a worker, perhaps for good, and waits until it is gone and another is in its place.
   *
   * @return how many connections it held
   */
  private static int loseWorker(boolean atOnce) throws IOException, InterruptedException {
    List<JsonNode> before = workers();
    int pid = before.get(0).get("pid").asInt();
    run("kill", "-STOP", String.valueOf(pid)); // so that the number is the one that counts
    int held = connections(workers(), pid);
    if (atOnce) {
      run("kill", "-KILL", String.valueOf(pid));
    }
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      List<JsonNode> now = workers();
      // It is still given connections until the others notice that it stands still.
      held = Math.max(held, connections(now, pid));
      if (now.stream().noneMatch(worker -> worker.get("pid").asInt() == pid)
          && serving(now) == serving(before)) {
        return held;
      }
    }
    throw new IOException("worker pid=" + pid + " was not replaced within " + LIMIT);
  }

  private static int connections(List<JsonNode> workers, int pid) {
    return workers.stream()
        .filter(worker -> worker.get("pid").asInt() == pid)
        .mapToInt(worker -> worker.get("connections").asInt())
        .sum();
  }

  private static long serving(List<JsonNode> workers) {
    return workers.stream().filter(Pool::isServing).count();
  }

  private static boolean isServing(JsonNode worker) {
    return worker.get("state").asText().equals("serving");
  }

  /** Those that serve come first. */
  private static List<JsonNode> workers() throws IOException, InterruptedException {
    var workers = new ArrayList<JsonNode>();
    status(RUN_DIR).get("workers").forEach(workers::add);
    workers.sort((a, b) -> Boolean.compare(isServing(b), isServing(a)));
    return workers;
  }

  private static JsonNode status(String runDir) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(run(COMMAND, "status", "--json", "--run-dir=" + runDir));
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + output.strip());
    }
    return output;
  }
}
