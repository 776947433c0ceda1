package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A pool of the assembled distribution with the demo app, on a free port and in its own directory.
 */
final class TestedPool implements AutoCloseable {
  /** Has workers start without a class archive. */
  static final String NO_ARCHIVE = "class-archive.enabled=false";

  private static final Duration START_LIMIT = Duration.ofMinutes(1);
  private static final long STATUS_MILLIS = 300; // each asks by a JVM of its own
  private static final Pattern PORT = Pattern.compile("\"http\":\\[\"127\\.0\\.0\\.1:(\\d+)\"");
  private static final Pattern ADMIN = Pattern.compile("\"admin\":\\[\"127\\.0\\.0\\.1:(\\d+)\"");
  private static final Pattern SERVING = Pattern.compile("\"state\":\"serving\"");

  private final Path command;
  private final Path directory;
  private final Process process;
  private final InetSocketAddress address;

  private TestedPool(Path command, Path directory, Process process, int workers)
      throws IOException, InterruptedException {
    this.command = command;
    this.directory = directory;
    this.process = process;
    this.address = awaitServing(workers);
  }

  /** Starts a pool and waits until all of its workers serve. Pools share their class archive. */
  static TestedPool start(Path distribution, int workers, String... settings)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("tidepool-load");
    Path command = distribution.resolve("bin/tidepool");
    var archives = ClassArchives.shared(distribution);
    if (!List.of(settings).contains(NO_ARCHIVE)) {
      // First, since a training in the background would take processor time from what is measured.
      archives.make(settings);
    }
    List<String> run = new ArrayList<>(List.of(command.toString(), "run"));
    run.add("--set=run-dir=" + directory.resolve("run"));
    run.add("--set=" + archives.setting());
    run.add("--set=listen.http=127.0.0.1:0");
    run.add("--set=listen.admin=127.0.0.1:0");
    run.add("--set=workers.count=" + workers);
    run.add("--set=workers.spares=0");
    for (String setting : settings) {
      run.add("--set=" + setting);
    }
    Process process =
        new ProcessBuilder(run)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log.txt").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop pool"));
    try {
      return new TestedPool(command, directory, process, workers);
    } catch (IOException e) {
      process.destroy();
      process.waitFor();
      throw new IOException(e.getMessage() + "\n" + Files.readString(directory.resolve("log.txt")));
    }
  }

  /** These settings, and such that a worker that dies is replaced at once and serves cold. */
  static String[] respawning(String... settings) {
    return Stream.concat(
            Stream.of(settings),
            Stream.of(
                "warm-up.limit=0s", "workers.restart-delay=10ms", "workers.restart-delay-max=10ms"))
        .toArray(String[]::new);
  }

  InetSocketAddress address() {
    return address;
  }

  ProcessTree processes() {
    return new ProcessTree(process.toHandle());
  }

  /** Of the master's own pages. */
  InetSocketAddress admin() throws IOException, InterruptedException {
    return port(ADMIN.matcher(status()));
  }

  /** Asks for a reload and does not wait for it. */
  void reload() throws IOException, InterruptedException {
    run("reload", "--no-wait");
  }

  /** Runs a command and answers what it prints. */
  String run(String... words) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(command.toString()));
    line.addAll(List.of(words));
    line.add("--run-dir=" + directory.resolve("run"));
    Process asked = new ProcessBuilder(line).redirectError(Redirect.DISCARD).start();
    String output = new String(asked.getInputStream().readAllBytes(), UTF_8);
    if (asked.waitFor() != 0) {
      throw new IOException("failed: " + line);
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private InetSocketAddress awaitServing(int workers) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (process.isAlive() && System.nanoTime() < deadline) {
      String status = status();
      if (SERVING.matcher(status).results().count() == workers) {
        return port(PORT.matcher(status));
      }
      TimeUnit.MILLISECONDS.sleep(STATUS_MILLIS);
    }
    throw new IOException("the pool does not serve");
  }

  private static InetSocketAddress port(Matcher found) throws IOException {
    if (!found.find()) {
      throw new IOException("the pool's status names no address");
    }
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), Integer.parseInt(found.group(1)));
  }

  /** Empty while the master does not answer. */
  private String status() throws InterruptedException {
    try {
      return run("status", "--json");
    } catch (IOException e) {
      return "";
    }
  }
}
