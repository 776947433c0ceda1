package dev.tidepool.master;

import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.SettingsLoader;
import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerMessage;
import dev.tidepool.control.WorkerState;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A supervisor over fake processes, with a clock that a test moves. */
final class FakePool implements AutoCloseable, GenerationSource {
  private final Path directory;
  private final Scoreboard scoreboard;
  private final List<String> sets;
  final Supervisor supervisor;
  final List<FakeProcess> launched = new ArrayList<>();
  final Deque<String> preparations = new ArrayDeque<>();
  private final LinkedBlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
  private long now = Duration.ofHours(1).toNanos();
  private boolean running = true;
  private final Map<Integer, Character> processStates = new HashMap<>();

  FakePool(Path directory, String... sets) throws IOException {
    this.directory = directory;
    this.sets = new ArrayList<>(Arrays.asList(sets));
    scoreboard = Scoreboard.create(directory.resolve("scoreboard"), 64);
    WorkerLauncher launcher =
        settings -> {
          FakeProcess process = new FakeProcess(100 + launched.size());
          launched.add(process);
          return process;
        };
    supervisor =
        new Supervisor(
            () -> now,
            Posix.get(),
            scoreboard,
            pid -> processStates.getOrDefault(pid, 'S'),
            launcher,
            new Incidents(directory.resolve("incidents"), scoreboard),
            this,
            new StateFile(directory.resolve("state.json"), 1));
  }

  Generation generation(int number) {
    try {
      return new Generation(
          number,
          SettingsLoader.load(directory, Optional.empty(), sets, Map.of()),
          new Generation.AppCopy("hash" + number, directory.resolve("app.jar")),
          directory.resolve("certificates"),
          List.of());
    } catch (InvalidSettingsException e) {
      throw new IllegalStateException(String.join(", ", e.problems()), e);
    }
  }

  void set(String setting) {
    sets.add(setting);
  }

  // ---- as GenerationSource ----

  @Override
  public Generation prepare(int number, @Nullable Generation current) throws StartFailure {
    String broken = preparations.poll();
    if (broken != null) {
      throw new StartFailure(ExitCode.CONFIGURATION, broken);
    }
    return generation(number);
  }

  @Override
  public void inService(Generation generation) {}

  @Override
  public void retain(Collection<Generation> serving, Collection<Generation> kept) {}

  // ---- what a test does ----

  FakePool start() {
    supervisor.enqueue(s -> s.reloads().start(generation(1)));
    return settle();
  }

  /** Runs the loop until no event is left. */
  FakePool settle() {
    for (int passes = 0; passes < 20 && running; passes++) {
      running = supervisor.tick(supervisor.poll(), now);
    }
    return this;
  }

  boolean running() {
    return running;
  }

  FakePool pass(Duration time) {
    now += time.toNanos();
    return settle();
  }

  /** The master itself is stopped for this long. */
  FakePool sleep(Duration time) {
    long planned = now;
    now += time.toNanos();
    running = supervisor.tick(null, planned);
    return settle();
  }

  /** A sign of life; workers that have never given one are not watched. */
  FakePool beat(FakeProcess process) {
    Worker worker = supervisor.pool().byPid(process.pid());
    if (worker != null) {
      scoreboard.record(worker.record()).heartbeatNanos(now);
    }
    return this;
  }

  /** The state of the process as in /proc/PID/stat. */
  FakePool kernelSays(FakeProcess process, char state) {
    processStates.put(process.pid(), state);
    return this;
  }

  /** Runs the loop until something that another thread does has happened. */
  void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
      settle();
      Thread.onSpinWait();
    }
    if (!condition.getAsBoolean()) {
      throw new AssertionError("not within 20 s");
    }
  }

  FakePool scale(int count) {
    supervisor.enqueue(s -> s.reloads().scale(count, now));
    return settle();
  }

  FakePool reload() {
    supervisor.enqueue(s -> s.reloads().request("test", verdicts::add));
    return settle();
  }

  /** Waits for the thread that prepares a generation, which is real. */
  FakePool prepared(int processes) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (launched.size() < processes && System.nanoTime() < deadline) {
      settle();
      Thread.onSpinWait();
    }
    return settle();
  }

  /** The next verdict that a reload gave. */
  Verdict verdict() {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (verdicts.isEmpty() && System.nanoTime() < deadline) {
      settle();
      Thread.onSpinWait();
    }
    return Objects.requireNonNull(verdicts.poll(), "no verdict");
  }

  int verdicts() {
    return verdicts.size();
  }

  FakePool hello(FakeProcess process) {
    supervisor.enqueue(
        s ->
            s.hello(
                process,
                new WorkerMessage.Hello(
                    process.pid(),
                    process.startTicks(),
                    -1,
                    -1,
                    0,
                    WorkerState.STARTING,
                    List.of())));
    return settle();
  }

  /** Says all that a healthy worker says until it is warm. */
  FakePool warm(FakeProcess process) {
    hello(process);
    Worker worker = worker(process);
    supervisor.enqueue(s -> s.appStarted(worker, new WorkerMessage.AppStarted(1)));
    supervisor.enqueue(s -> s.warmed(worker, new WorkerMessage.Warmed(1, 1)));
    return settle();
  }

  /** Answers SERVE if it was told. */
  FakePool serve(FakeProcess process) {
    if (process.was(MasterMessage.Serve.class)) {
      Worker worker = worker(process);
      supervisor.enqueue(s -> s.serving(worker));
    }
    return settle();
  }

  /** Brings these from start to service. */
  FakePool up(FakeProcess... processes) {
    for (FakeProcess process : processes) {
      warm(process);
    }
    for (FakeProcess process : processes) {
      serve(process);
    }
    return this;
  }

  FakePool failed(FakeProcess process, String reason) {
    Worker worker = worker(process);
    supervisor.enqueue(s -> s.failed(worker, new WorkerMessage.Failed("start", reason)));
    settle();
    process.exit(WorkerExit.CANNOT_SERVE);
    return settle();
  }

  FakePool exit(FakeProcess process, int code) {
    process.exit(code);
    return settle();
  }

  /** A told worker says DRAINED and ends. */
  FakePool drain(FakeProcess process) {
    Worker worker = worker(process);
    supervisor.enqueue(s -> s.drained(worker, new WorkerMessage.Drained(10, 3, 1)));
    settle();
    return exit(process, 0);
  }

  Worker worker(FakeProcess process) {
    Worker worker = supervisor.pool().byPid(process.pid());
    if (worker == null) {
      throw new IllegalStateException("no worker with pid " + process.pid());
    }
    return worker;
  }

  FakeProcess process(int index) {
    return launched.get(index);
  }

  @Override
  public void close() throws IOException {
    supervisor.pool().close();
    scoreboard.close();
  }
}
