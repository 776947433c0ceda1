package dev.tidepool.worker;

import dev.tidepool.conf.AccessLogSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerIdentity;
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.posix.Posix;
import dev.tidepool.worker.access.AccessLog;
import dev.tidepool.worker.access.RequestIds;
import dev.tidepool.worker.strict.StrictHttp;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;

/** All parts of a worker that serve requests, put together; the threads run from the start. */
final class Service implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Service.class);

  private static final int STOP_LIMIT_MILLIS = 500;
  private static final InetSocketAddress SELF =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  final HttpFront front;
  final Acceptor acceptor;
  final Totals totals = new Totals();
  final Departures departures = new Departures();
  private final Settings settings;
  private final @Nullable AccessLog accessLog;
  private final int own;
  private final Posix posix;
  private final Room room;
  private final WorkerRecord record;
  private final Placement placement;
  private final Mailboxes mailboxes;
  private final Entrances entrances = new Entrances();
  private final Upkeep upkeep;
  private final AppCheck appCheck;
  private final LongAdder ended = new LongAdder();

  /** The threads inherit the context class loader of the caller. */
  Service(
      Settings settings,
      Scoreboard scoreboard,
      int ownRecord,
      Posix posix,
      Supplier<WorkerIdentity> identity) {
    accessLog = accessLog(settings.accessLog(), identity);
    this.settings = settings;
    this.own = ownRecord;
    this.posix = posix;
    this.record = scoreboard.record(ownRecord);
    var closes = new RecentCloses();
    var pool = new ScoreboardView(scoreboard, ownRecord, settings.balance().staleAfter());
    room = new Room(settings.limits().connections(), ownRecord, record, pool);
    front =
        new HttpFront(
            settings.workers(),
            settings.limits(),
            settings.http2(),
            settings.proxies(),
            posix,
            totals,
            record,
            connection -> {
              int left = record.addConnections(-1);
              ended.increment();
              closes.add(System.nanoTime());
              if (room.isMadeAt(left)) {
                acceptSoon(connection.thread);
              }
            });
    mailboxes = new Mailboxes(posix);
    var balancer = new Balancer(settings.balance(), ownRecord);
    placement =
        new Placement(
            ownRecord,
            scoreboard,
            pool,
            balancer,
            closes,
            mailboxes,
            entrances,
            front,
            posix,
            totals);
    acceptor = new Acceptor(front.threads, posix, room, placement::accepted);
    upkeep =
        new Upkeep(
            ownRecord,
            record,
            pool,
            front,
            acceptor,
            room,
            placement,
            new Shedding(settings.balance(), balancer, ownRecord),
            closes,
            totals,
            settings.health().heartbeatInterval(),
            settings.limits());
    var heartbeat = new Heartbeat(front, record, settings.health().heartbeatInterval(), upkeep);
    heartbeat.start();
    appCheck = new AppCheck(settings, new SelfRequests(this::connectToItself), record);
    new Inspection(
            settings,
            new TaskPulse(record, front.requests, front.tasks),
            new RequestLimits(settings.request(), front.requests, record),
            new Vitals(record, heartbeat),
            appCheck)
        .start();
  }

  /** Serves the requests of these apps from now on. */
  void handler(HttpHandler apps) {
    HttpHandler identified = settings.http().requestIds() ? new RequestIds(apps) : apps;
    int rate = settings.limits().requestRate();
    HttpHandler limited = rate == 0 ? identified : new RequestRate(rate, identified);
    var strict = new StrictHttp(settings.http(), settings.limits(), limited);
    front.handler(accessLog == null ? strict : accessLog.wrap(strict));
  }

  private static @Nullable AccessLog accessLog(
      AccessLogSettings settings, Supplier<WorkerIdentity> identity) {
    try {
      return settings.enabled() ? new AccessLog(settings, identity) : null;
    } catch (IOException e) {
      throw new UncheckedIOException("access-log.file: " + e.getMessage(), e);
    }
  }

  /** Files of logs may have been moved away. */
  void reopenLogs() {
    try {
      if (accessLog != null) {
        accessLog.reopen();
      }
    } catch (IOException e) {
      log.error("access-log.file cannot be reopened, the old one is written on", e);
    }
  }

  /** Accepts there, once told to; owns {@code fd}. */
  CompletableFuture<Void> listen(String address, Entrance entrance, int fd) {
    entrances.put(address, entrance);
    return acceptor.add(address, entrance, fd);
  }

  /** Accepts what the warm-up connects to, until it is closed. */
  WarmUpListener warmUpListener() throws IOException {
    return new WarmUpListener(
        accepted -> new Acceptor(front.threads, posix, room, accepted), posix, placement::rehearse);
  }

  /** Without a listening socket. */
  WarmUpClient connectToItself() throws IOException {
    Posix.FdPair pair = posix.streamPair();
    SocketChannel channel = Descriptors.connected(pair.second(), SELF);
    front.open(channel, Entrance.plain(true), true, front.threads.get(0));
    return WarmUpClient.of(pair.first());
  }

  /** The thread that reads the own mailbox, and helps siblings. */
  private XnioIoThread mailThread() {
    return front.threads.get(0);
  }

  /** Holds the mailbox of a record, and reads it if it is the own one; owns both descriptors. */
  void mailbox(int box, int send, int receive) {
    if (box != own) {
      mailboxes.put(box, send, receive);
      return;
    }
    mailThread()
        .execute(
            () -> {
              takeOwn();
              mailboxes.put(box, send, receive);
              try {
                mailboxes.watch(box, mailThread(), this::takeOwn);
              } catch (IOException e) {
                log.error("cannot read the own mailbox", e);
              }
            });
  }

  private void takeOwn() {
    placement.takeFrom(own, mailThread());
  }

  /** Accepts, once this completes; call {@link #serving} then. */
  CompletableFuture<Void> accept() {
    return acceptor.start();
  }

  /** The own state on the scoreboard says serving now. */
  void serving() {
    upkeep.serving(true);
    if (!settings.health().checks().appPath().isEmpty()) {
      appCheck.start();
    }
  }

  /** The worker of a record is dead: serves what it left behind. */
  void siblingGone(int sibling) {
    for (XnioIoThread thread : front.threads) {
      acceptSoon(thread);
    }
    mailThread().execute(() -> placement.takeFrom(sibling, mailThread()));
  }

  private void acceptSoon(XnioIoThread thread) {
    try {
      thread.execute(() -> acceptor.tryAccept(thread));
    } catch (RejectedExecutionException e) {
      log.debug("no more connections: the I/O threads end");
    }
  }

  /** Begins to drain; the own state on the scoreboard says so when this returns. */
  Drain drain() {
    upkeep.serving(false);
    mailThread().execute(mailboxes::unwatch); // the drain's steps look into it
    var drain = new Drain(settings.drain(), own, record, front, acceptor, placement, totals, ended);
    drain.begin(System.nanoTime());
    departures.begin(settings.drain().effectiveSpread());
    return drain;
  }

  /** Accepts no more, and cuts what is open. What it accepted last goes to siblings if possible. */
  void stop() {
    upkeep.serving(false);
    placement.leave();
    mailThread().execute(mailboxes::unwatch);
    try {
      acceptor.stop().get(STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      log.warn("stopping without waiting for all I/O threads: {}", Causes.describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    front.close();
  }

  List<String> addresses() {
    return acceptor.addresses();
  }

  @Override
  public void close() {
    totals.publishTo(record);
    front.close();
    mailboxes.close();
  }
}
