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
  private static final String COMMAND = System.getProperty("tidepool.command", "bin/tidepool");
  private static final String RUN_DIR = System.getProperty("tidepool.run-dir", "run");

  private Pool() {}

  /** Nothing may be lost. */
  static int reload() throws IOException, InterruptedException {
    tidepool("reload");
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
    JsonNode status = new ObjectMapper().readTree(tidepool("status", "--json"));
    status.get("workers").forEach(workers::add);
    workers.sort((a, b) -> Boolean.compare(isServing(b), isServing(a)));
    return workers;
  }

  private static String tidepool(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>(List.of(COMMAND));
    command.addAll(List.of(arguments));
    command.add("--run-dir=" + RUN_DIR);
    return run(command.toArray(String[]::new));
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
