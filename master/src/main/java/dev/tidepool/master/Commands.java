package dev.tidepool.master;

import dev.tidepool.conf.WorkerSettings;
import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.OperatorMessage;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can be asked of a master, by signal or by {@code control.sock}; on the supervisor's thread.
 */
final class Commands {
  private static final Logger log = LoggerFactory.getLogger(Commands.class);
  private static final int STDOUT = 1;
  private static final int MOST_WORKERS = 128; // as workers.count

  private final Supervisor supervisor;
  private final Posix posix;
  private final LongSupplier clock;

  Commands(Supervisor supervisor, Posix posix, LongSupplier clock) {
    this.supervisor = supervisor;
    this.posix = posix;
    this.clock = clock;
  }

  void signal(Posix.ReceivedSignal received) {
    String by = received.signal() + " from pid " + received.senderPid();
    switch (received.signal()) {
      case HUP -> reload(by, verdict -> {});
      case QUIT -> stop(false, by);
      case TERM, INT -> stop(true, by);
      case USR1 -> reopenLogs(by);
      case USR2 -> log.warn("{}: an upgrade in place is not supported yet; ignored", by);
      case WINCH -> windowChanged(by);
      case TTIN -> resize(supervisor.reloads().wantedSize() + 1, by);
      case TTOU -> resize(supervisor.reloads().wantedSize() - 1, by);
      default -> throw new IllegalStateException("not asked for: " + received.signal());
    }
  }

  /** A terminal sends WINCH whenever its window is resized; that must not empty the pool. */
  private void windowChanged(String by) {
    if (posix.onTerminal()) {
      log.debug("{}: ignored on a terminal", by);
    } else {
      drain(by);
    }
  }

  private void resize(int count, String by) {
    String answer = scale(count, by);
    if (answer != null) {
      log.warn("{}: {}", by, answer);
    }
  }

  void reload(String by, Consumer<Verdict> whenDone) {
    if (supervisor.stopping()) {
      whenDone.accept(new Verdict(false, "the master stops"));
    } else {
      supervisor.reloads().request(by, whenDone);
    }
  }

  void stop(boolean fast, String by) {
    if (fast) {
      supervisor.stop(true, by);
    } else {
      afterNotice(by, () -> supervisor.stop(false, by));
    }
  }

  /** Drains all workers and starts none until the next reload or scale. */
  void drain(String by) {
    afterNotice(by, () -> drainAll(by));
  }

  private void afterNotice(String by, Runnable order) {
    Generation current = supervisor.reloads().current();
    boolean serving = supervisor.readiness() != AdminPages.Readiness.NOBODY_SERVES;
    Duration time =
        current == null || !serving || supervisor.pool().suspended()
            ? Duration.ZERO
            : current.settings().drain().notice();
    if (!time.isZero() && !supervisor.notice().given()) {
      log.info("{}: in {} ms (drain.notice); /-/ready says so now", by, time.toMillis());
    }
    supervisor.notice().give(order, time, clock.getAsLong());
  }

  private void drainAll(String by) {
    log.info("{}: draining all workers, until the next reload or scale", by);
    supervisor.reloads().abort("all workers are drained");
    supervisor.pool().leave(false, "all workers are drained", clock.getAsLong());
  }

  /** Answers why not, or null if it was done or will be. */
  @Nullable String scale(int count, String by) {
    Generation current = supervisor.reloads().current();
    if (count < 1 || count > MOST_WORKERS) {
      return "cannot scale to " + count + " workers, expected 1 to " + MOST_WORKERS;
    }
    if (current != null && current.settings().workers().within(count) != count) {
      WorkerSettings workers = current.settings().workers();
      return "cannot scale to %d workers, expected %d to %d (workers.min to workers.max)"
          .formatted(count, workers.smallest(), workers.largest());
    }
    log.info("{}: {}", by, supervisor.reloads().scale(count, clock.getAsLong()));
    return null;
  }

  /** {@code answer} gets the reply, when a worker has given it. An id is a secret: not logged. */
  void askSessions(
      String by, OperatorMessage.Sessions asked, Consumer<OperatorMessage.Reply> answer) {
    log.info("{}: {}", by, asked.question());
    Generation current = supervisor.reloads().current();
    if (current == null) {
      answer.accept(
          new OperatorMessage.Reply(ExitCode.REFUSED.number(), "no generation serves yet"));
      return;
    }
    supervisor.sessionQuestions().ask(asked, current, answer, clock.getAsLong());
  }

  /** Answers why not, or null. */
  @Nullable String reopenLogs(String by) {
    log.info("{}: reopening logs", by);
    Generation current = supervisor.reloads().current();
    String failure = null;
    if (current != null && current.settings().log().file().isPresent()) {
      try {
        posix.redirectOutput(current.settings().log().file().get());
      } catch (PosixException e) {
        failure = "log.file cannot be opened: " + e.getMessage();
        log.error("{}; logging where it was", failure);
      }
    }
    // Handed over and not opened by name, which a worker's user need not be allowed to. Also
    // without
    // log.file: they have access logs of their own.
    supervisor.pool().all().forEach(w -> w.send(new MasterMessage.ReopenLogs(), STDOUT));
    return failure;
  }
}
