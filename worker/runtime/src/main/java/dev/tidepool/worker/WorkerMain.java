package dev.tidepool.worker;

import dev.tidepool.control.LogLines;
import dev.tidepool.posix.Posix;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker process. Its one argument is the path of the master's {@code workers.sock}; with
 * {@code --train DIR} it is one for a moment, for an archive of its classes.
 */
public final class WorkerMain {
  private static final int EXIT_LIMIT_SECONDS = 2;

  private WorkerMain() {}

  /** Runs a worker and ends the process with the code of a {@link WorkerExit}. */
  public static void main(String[] args) throws Exception {
    Posix.get().leadProcessGroup();
    if (args.length == 2 && args[0].equals("--train")) {
      train(Path.of(args[1]));
      return;
    }
    if (args.length != 1) {
      System.err.println("usage: tidepool-worker WORKERS_SOCK; the master starts workers");
      System.exit(WorkerExit.CANNOT_SERVE.code);
    }
    WorkerExit exit = live(Path.of(args[0]));
    haltIfStuck(exit);
    System.exit(exit.code);
  }

  /** Runs a worker of the master that listens at {@code socket}, on this thread. */
  static WorkerExit live(Path socket) throws InterruptedException {
    Thread.currentThread().setName("worker");
    var worker = new Worker(Posix.get(), socket);
    LogLines.start("INFO", worker::identity);
    QuietLibraries.apply();
    LogLines.captureSystemOut();
    return worker.run();
  }

  /** The last line of its output says what failed, if anything did. */
  private static void train(Path scratch) {
    try {
      System.exit(ClassTraining.run(scratch).code);
    } catch (Exception | LinkageError e) {
      System.err.println(Causes.describe(e));
      System.exit(WorkerExit.CANNOT_SERVE.code);
    }
  }

  /** Shutdown hooks of the app have a moment, but cannot keep the process. */
  private static void haltIfStuck(WorkerExit exit) {
    Logger log = LoggerFactory.getLogger(WorkerMain.class);
    var never = new CountDownLatch(1);
    var thread =
        new Thread(
            () -> {
              try {
                if (!never.await(EXIT_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                  log.warn("shutdown hooks took over {} s, halting", EXIT_LIMIT_SECONDS);
                }
              } catch (InterruptedException e) {
                log.debug("halting at once", e);
              }
              Runtime.getRuntime().halt(exit.code);
            },
            "halt");
    thread.setDaemon(true);
    thread.start();
  }
}
