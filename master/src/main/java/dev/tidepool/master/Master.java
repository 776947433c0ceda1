package dev.tidepool.master;

import dev.tidepool.conf.ControlSettings;
import dev.tidepool.conf.LoadedSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.control.Access;
import dev.tidepool.control.ControlServer;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master process: claims its run directory, opens everything, supervises until it is stopped.
 */
public final class Master {
  private static final Logger log = LoggerFactory.getLogger(Master.class);
  private static final int RECORDS = 640; // two generations of the largest pool, and what drains
  private static final int OPERATOR_FRAME = 64 << 10;
  private static final int WORKER_FRAME = 16 << 20;
  private static final int WORKER_PEERS = 2 * RECORDS;
  private static final int QUEUED_BYTES = 32 << 20;

  private final Posix posix;
  private final Path home;
  private final DiskGenerations.Loader loader;
  private final LongSupplier clock = System::nanoTime;

  /** What was opened, the last first, to be closed in this order. */
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /**
   * @param home the distribution: {@code lib/tidepool-worker.jar} is below it
   * @param loader reads the configuration, again at each reload
   */
  public Master(Posix posix, Path home, DiskGenerations.Loader loader) {
    this.posix = posix;
    this.home = home;
    this.loader = loader;
  }

  /**
   * Runs until it is told to stop and all workers have gone.
   *
   * @throws StartFailure if it cannot start: one line for the user, and the exit code
   */
  public ExitCode run(LoadedSettings loaded) throws StartFailure, InterruptedException {
    try {
      Supervisor supervisor = open(loaded);
      String failure = supervisor.run();
      Generation last = supervisor.reloads().current();
      Settings ended = last == null ? loaded.settings() : last.settings();
      SessionFiles.remove(ended, Account.of(ended.workers().isolation(), posix).uid());
      if (failure != null) {
        throw new StartFailure(ExitCode.REFUSED, "the first generation failed: " + failure);
      }
      log.info("stopped");
      return ExitCode.DONE;
    } catch (IOException e) {
      throw new StartFailure(ExitCode.REFUSED, RunDir.reason(e));
    } catch (PosixException e) {
      throw new StartFailure(ExitCode.REFUSED, String.valueOf(e.getMessage()));
    } finally {
      opened.forEach(this::close);
    }
  }

  /** Everything that can fail, before any worker starts. */
  private Supervisor open(LoadedSettings loaded) throws StartFailure, IOException {
    Settings settings = loaded.settings();
    RunDir runDir = later(RunDir.claim(settings.runDir(), posix.pid()));
    settings.log().file().ifPresent(posix::redirectOutput);
    logSettings(loaded);
    Account account = Account.of(settings.workers().isolation(), posix);
    runDir.admit(account, posix);
    SessionFiles.prepare(settings, account, posix);

    ListeningSockets sockets = new ListeningSockets(posix);
    opened.push(sockets::closeAll);
    LoopView view = new LoopView();
    MasterServers servers = later(new MasterServers(view));
    DiskGenerations generations =
        new DiskGenerations(
            posix,
            home,
            account,
            loader,
            new GenerationStore(runDir, posix, account),
            sockets,
            servers);
    Generation first = firstGeneration(runDir, generations, loaded);
    servers.open(settings.listen());

    ClassArchives archives = later(new ClassArchives(runDir.archives()));
    Scoreboard scoreboard = later(Scoreboard.create(runDir.scoreboard(), RECORDS));
    ProcessSource processes = new ProcessWatch(posix).start();
    account.own(runDir.scoreboard(), posix);
    Supervisor supervisor =
        new Supervisor(
            clock,
            posix,
            scoreboard,
            processes,
            new JvmLauncher(posix, home, runDir, archives, account),
            new Incidents(
                runDir.incidents(), runDir.crashes(), scoreboard, account, Master::inBackground),
            generations,
            new StateFile(runDir.stateFile(), posix.pid()));
    opened.push(supervisor.pool()::close);
    StatusReport report = new StatusReport(posix, processes, scoreboard, clock.getAsLong());
    view.connect(supervisor, s -> report.json(s, servers, clock.getAsLong()));

    Commands commands = new Commands(supervisor, posix, clock);
    ControlServer control = later(new ControlServer(posix));
    listen(control, runDir, account, settings.control(), supervisor, commands, view);
    SignalReader.start(posix, s -> supervisor.enqueue(v -> commands.signal(s)));
    supervisor.enqueue(s -> s.reloads().start(first));
    return supervisor;
  }

  private static void inBackground(Runnable task) {
    var thread = new Thread(task, "incident");
    thread.setDaemon(true);
    thread.start();
  }

  private Generation firstGeneration(
      RunDir runDir, DiskGenerations generations, LoadedSettings loaded) throws StartFailure {
    List<Integer> orphans = Orphans.pids(runDir.stateFile(), posix);
    if (orphans.isEmpty()) {
      generations.retain(List.of(), List.of()); // what an earlier master left
      return generations.make(1, loaded, null);
    }
    String who =
        "workers of a dead master still live: pids "
            + orphans.stream().map(String::valueOf).collect(Collectors.joining(" "))
            + "; they end after their master.grace";
    log.warn("{}", who);
    try {
      return generations.make(1, loaded, null);
    } catch (StartFailure e) {
      throw new StartFailure(e.exitCode(), e.getMessage() + " (" + who + ")");
    }
  }

  private void listen(
      ControlServer control,
      RunDir runDir,
      Account account,
      ControlSettings settings,
      Supervisor supervisor,
      Commands commands,
      LoopView view)
      throws StartFailure, IOException {
    OptionalInt group = OptionalInt.empty();
    if (settings.group().isPresent()) {
      group = posix.groupId(settings.group().get());
      if (group.isEmpty()) {
        throw new StartFailure(
            ExitCode.CONFIGURATION, "control.group=" + settings.group().get() + ": no such group");
      }
    }
    control.listen(
        runDir.workersSocket(),
        account.other() ? new Access(0600, account.uid(), account.gid()) : Access.own(0600),
        new ControlServer.Limits(WORKER_FRAME, WORKER_PEERS, Duration.ZERO, QUEUED_BYTES),
        new WorkerDoor(supervisor::enqueue));
    control.listen(
        runDir.controlSocket(),
        new Access(0660, -1, group.orElse(-1)),
        new ControlServer.Limits(
            OPERATOR_FRAME, settings.maxClients(), settings.idleTimeout(), QUEUED_BYTES),
        new OperatorDoor(supervisor::enqueue, commands, view::report));
  }

  private static void logSettings(LoadedSettings loaded) {
    String changed =
        loaded.all().stream()
            .filter(s -> !s.origin().equals("default"))
            .map(s -> s.key() + "=" + s.value())
            .collect(Collectors.joining(", "));
    log.info("starting; settings beside the defaults: {}", changed.isEmpty() ? "none" : changed);
  }

  private <T extends AutoCloseable> T later(T resource) {
    opened.push(resource);
    return resource;
  }

  private void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      log.warn("closing {} failed: {}", resource.getClass().getSimpleName(), e.toString());
    }
  }
}
