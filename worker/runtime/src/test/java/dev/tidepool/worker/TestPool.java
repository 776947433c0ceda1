package dev.tidepool.worker;

import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.Settings;
import dev.tidepool.conf.SettingsLoader;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerIdentity;
import dev.tidepool.control.WorkerState;
import dev.tidepool.posix.Posix;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Workers of one pool, all in this JVM: a scoreboard, a mailbox for each record, and one listening
 * socket, as the master makes them.
 */
final class TestPool implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  final Posix posix = Posix.get();
  final Scoreboard scoreboard;
  final int listenFd;
  final int port;
  private final List<Posix.FdPair> mailboxes = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();

  TestPool(Path directory, int records) throws IOException {
    scoreboard = Scoreboard.create(directory.resolve("scoreboard"), records);
    listenFd = posix.listenTcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    port = posix.localAddress(listenFd).getPort();
    for (int i = 0; i < records; i++) {
      mailboxes.add(posix.packetPair());
    }
  }

  /** A worker with this record, which does not accept yet. */
  Service worker(int record, HttpHandler app, String... sets) throws InvalidSettingsException {
    var service =
        new Service(
            settings(sets),
            scoreboard,
            record,
            posix,
            () -> new WorkerIdentity(record, posix.pid(), 1));
    services.add(service);
    service.handler(app);
    service.listen("127.0.0.1:" + port, Entrance.plain(false), posix.duplicate(listenFd)).join();
    for (int i = 0; i < mailboxes.size(); i++) {
      Posix.FdPair box = mailboxes.get(i);
      service.mailbox(i, posix.duplicate(box.first()), posix.duplicate(box.second()));
    }
    return service;
  }

  /** A worker that serves. */
  Service serving(int record, HttpHandler app, String... sets)
      throws InvalidSettingsException, InterruptedException, ExecutionException, TimeoutException {
    Service service = worker(record, app, sets);
    service.accept().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    scoreboard.record(record).state(WorkerState.SERVING);
    service.serving();
    return service;
  }

  /** Starts a drain, and takes its steps on a thread of its own. */
  Thread drain(int record, Service service) {
    Drain drain = service.drain();
    var thread =
        new Thread(
            () -> {
              while (!drain.step(System.nanoTime())) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
              }
              scoreboard.record(record).state(WorkerState.STOPPING);
            });
    thread.start();
    return thread;
  }

  /** Waits until each worker has looked at all the others. */
  void acquainted() {
    for (int i = 0; i < 2; i++) { // a heartbeat is written before that look
      long from = System.nanoTime();
      for (int record = 0; record < services.size(); record++) {
        var own = scoreboard.record(record);
        eventually("heartbeat of " + record, () -> own.heartbeatNanos() - from > 0);
      }
    }
  }

  Posix.FdPair mailbox(int record) {
    return mailboxes.get(record);
  }

  int connections(int record) {
    return scoreboard.record(record).connections();
  }

  static Settings settings(String... sets) throws InvalidSettingsException {
    return SettingsLoader.load(Path.of("."), Optional.empty(), List.of(sets), Map.of()).settings();
  }

  /** Polls until the condition holds. */
  static void eventually(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + PATIENCE + ": " + what);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  @Override
  public void close() {
    services.forEach(Service::close);
    posix.close(listenFd);
    mailboxes.forEach(
        box -> {
          posix.close(box.first());
          posix.close(box.second());
        });
    scoreboard.close();
  }
}
