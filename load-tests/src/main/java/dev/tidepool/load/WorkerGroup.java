package dev.tidepool.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The {@link SessionWorker}s of one store. Those that are not in use wait and cost nothing. */
final class WorkerGroup {
  private final TestedStore.Kind kind;
  private final SessionSize size;
  private final Path log;
  private final List<Worker> workers = new ArrayList<>();

  private record Worker(PrintStream commands, BufferedReader answers) {}

  private WorkerGroup(TestedStore.Kind kind, SessionSize size, Path log) {
    this.kind = kind;
    this.size = size;
    this.log = log;
  }

  /** Starts as many workers as can be asked for, and fills the store. */
  static WorkerGroup start(
      Workbench bench, TestedStore.Kind kind, SessionSize size, int mostProcesses)
      throws IOException {
    var group = new WorkerGroup(kind, size, bench.directory().resolve(kind + ".log"));
    for (int i = 0; i < (kind.isShared() ? mostProcesses : 1); i++) {
      Process process = bench.start(group.command(bench.directory()), group.log, true);
      group.workers.add(
          new Worker(
              new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII),
              process.inputReader(StandardCharsets.US_ASCII)));
    }
    group.fill();
    return group;
  }

  TestedStore.Kind kind() {
    return kind;
  }

  /** Has {@code processes} of them work side by side. */
  Measurement run(Operation operation, int processes, Duration length) throws IOException {
    int threads = kind.isShared() ? 1 : processes;
    List<Worker> active = workers.subList(0, processes / threads);
    for (Worker worker : active) {
      worker.commands.println("run " + operation.name() + " " + threads + " " + length.toMillis());
    }
    List<Measurement> parts = new ArrayList<>();
    for (Worker worker : active) {
      parts.add(Measurement.parse(answer(worker)));
    }
    return Measurement.sum(parts);
  }

  private void fill() throws IOException {
    int part = (size.sessions() + workers.size() - 1) / workers.size();
    for (int i = 0; i < workers.size(); i++) {
      int to = Math.min(size.sessions(), part * (i + 1));
      workers.get(i).commands.println("fill " + part * i + " " + to);
    }
    for (Worker worker : workers) {
      answer(worker);
    }
  }

  private String answer(Worker worker) throws IOException {
    String answer = worker.answers.readLine();
    if (answer == null) {
      throw new IOException("a worker of " + kind.title + " ended: " + Files.readString(log));
    }
    return answer;
  }

  /** A worker's heap is small, as in production; the hash map needs one that holds all. */
  private List<String> command(Path directory) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-"))
        .forEach(command::add);
    if (kind.isShared()) {
      command.addAll(List.of("-XX:+UseSerialGC", "-Xmx128m"));
    } else {
      long megabytes = 512 + (size.total() + size.sessions() * 200L) * 3 / 2 / (1 << 20);
      command.addAll(List.of("-XX:+UseParallelGC", "-Xmx" + megabytes + "m"));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(SessionWorker.class.getName());
    command.addAll(
        List.of(
            kind.name(),
            directory.toString(),
            String.valueOf(size.sessions()),
            String.valueOf(size.bytes())));
    return command;
  }
}
