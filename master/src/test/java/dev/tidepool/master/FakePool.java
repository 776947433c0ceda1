package dev.tidepool.master;

import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.SettingsLoader;
import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerMessage;
import dev.tidepool.control.WorkerRecord;
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
import java.util.Set;
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
  final List<YoungSize> youngSizes = new ArrayList<>();
  final Deque<String> preparations = new ArrayDeque<>();
  private final LinkedBlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
  private long now = Duration.ofHours(1).toNanos();
  private boolean running = true;
  private final Map<Integer, Character> processStates = new HashMap<>();
  private final Map<Integer, Long> memory = new HashMap<>();
  private final Map<Integer, Long> ioNanos = new HashMap<>();
  final List<ListeningSockets.Opened> sockets = new ArrayList<>();

  private final Map<Integer, ProcessVitals> vitals = new HashMap<>();
  private final ProcessSource processes =
      new ProcessSource() {
        @Override
        public char state(int pid) {
          return processStates.getOrDefault(pid, 'S');
        }

        @Override
        public long ownMemory(int pid) {
          return memory.getOrDefault(pid, 0L);
        }

        @Override
        public long ioNanos(int pid) {
          return ioNanos.getOrDefault(pid, 0L);
        }

        @Override
        public @Nullable ProcessVitals vitals(int pid) {
          return vitals.get(pid);
        }

        @Override
        public void watch(Set<Integer> pids, Duration interval) {}
      };

  FakePool(Path directory, String... sets) throws IOException {
    this.directory = directory;
    this.sets = new ArrayList<>(Arrays.asList(sets));
    scoreboard = Scoreboard.create(directory.resolve("scoreboard"), 64);
    WorkerLauncher launcher =
        (settings, young) -> {
          FakeProcess process = new FakeProcess(100 + launched.size());
          launched.add(process);
          youngSizes.add(young);
          return process;
        };
    supervisor =
        new Supervisor(
            () -> now,
            Posix.get(),
            scoreboard,
            processes,
            launcher,
            new Incidents(
                directory.resolve("incidents"),
                directory.resolve("crashes"),
                scoreboard,
                Account.ofThisProcess(Posix.get()),
                Runnable::run),
            this,
            new StateFile(directory.resolve("state.json"), 1));
  }

  Generation generation(int number) {
    try {
      return new Generation(
          number,
          SettingsLoader.load(directory, Optional.empty(), sets, Map.of()),
          List.of(new Generation.AppCopy("hash" + number, directory.resolve("app.jar"))),
          directory.resolve("certificates"),
          List.copyOf(sockets));
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
  public Generation reopen(Generation kept) {
    return kept;
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

  long now() {
    return now;
  }

  /** A sign of life; workers that have never given one are not watched. */
  FakePool beat(FakeProcess process) {
    Worker worker = supervisor.pool().byPid(process.pid());
    if (worker != null) {
      scoreboard.record(worker.record()).heartbeatNanos(now);
      scoreboard.record(worker.record()).taskHeartbeatNanos(now);
    }
    return this;
  }

  /** What the worker of this process shows. */
  WorkerRecord record(FakeProcess process) {
    return scoreboard.record(
        Objects.requireNonNull(supervisor.pool().byPid(process.pid())).record());
  }

  /** It has so many descriptors open, of 100. */
  FakePool open(FakeProcess process, int descriptors) {
    vitals.put(process.pid(), new ProcessVitals(0, 0, 0, 0, descriptors, 100, 0, 0));
    return this;
  }

  /** Its threads ran for so long since the start, a part of it in so many young collections. */
  FakePool ran(FakeProcess process, Duration time, int collections, Duration young) {
    vitals.put(process.pid(), new ProcessVitals(0, 0, 0, 0, 0, 100, time.toNanos(), 0));
    record(process).youngCollections(collections);
    record(process).youngMillis(young.toMillis());
    return this;
  }

  /** Answers requests, in 1 ms each; {@code errors} of them with 500. */
  FakePool answers(FakeProcess process, int requests, int errors) {
    WorkerRecord record = supervisor.pool().record(worker(process));
    for (int i = 0; i < requests; i++) {
      record.latencies().add(1_000_000);
    }
    for (int i = 0; i < errors; i++) {
      record.addError();
    }
    return this;
  }

  /** The state of the process as in /proc/PID/stat. */
  FakePool kernelSays(FakeProcess process, char state) {
    processStates.put(process.pid(), state);
    return this;
  }

  /** Memory of its own that the process has, in MiB. */
  FakePool grows(FakeProcess process, long mebibytes) {
    memory.put(process.pid(), mebibytes << 20);
    return this;
  }

  /** Requests that all workers in a slot are answering, each of them. */
  FakePool inFlight(int requests) {
    for (Worker worker : supervisor.pool().all()) {
      scoreboard.record(worker.record()).inFlight(requests);
    }
    return this;
  }

  /** The I/O threads of the process ran for this much longer. */
  FakePool runs(FakeProcess process, Duration time) {
    ioNanos.merge(process.pid(), time.toNanos(), Long::sum);
    return this;
  }

  /** Requests that the worker has answered since it started. */
  FakePool served(FakeProcess process, long requests) {
    scoreboard.record(worker(process).record()).served(requests);
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

  FakePool end(FakeProcess process) {
    process.end();
    return settle();
  }

  FakePool exit(FakeProcess process, int code) {
    process.exit(code);
    return settle();
  }

  /** A told worker says DRAINED. */
  FakePool drained(FakeProcess process) {
    Worker worker = worker(process);
    supervisor.enqueue(s -> s.drained(worker, new WorkerMessage.Drained(10, 3, 1, 0)));
    return settle();
  }

  /** A told worker says DRAINED and ends. */
  FakePool drain(FakeProcess process) {
    return drained(process).exit(process, 0);
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
