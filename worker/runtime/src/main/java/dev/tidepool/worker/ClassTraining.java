package dev.tidepool.worker;

import com.typesafe.config.ConfigRenderOptions;
import dev.tidepool.conf.Settings;
import dev.tidepool.conf.SettingsLoader;
import dev.tidepool.control.LogLines;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerIdentity;
import dev.tidepool.posix.Posix;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Sessions;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/**
 * Loads the classes that a worker needs by doing what it does: it serves requests, with sessions,
 * through a real socket, without a master and without an app. For an archive of these classes.
 */
final class ClassTraining {
  private static final WorkerIdentity NOBODY = new WorkerIdentity(WorkerIdentity.SPARE, 0, 0);
  private static final Pattern OWN_JAR = Pattern.compile("tidepool-.*\\.jar");
  private static final InetSocketAddress SELF =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final int REQUESTS = 50;

  private ClassTraining() {}

  /** Writes its files into {@code scratch}. */
  static void run(Path scratch) throws Exception {
    LogLines.start("INFO", () -> "training");
    QuietLibraries.apply();
    loadOwnClasses();
    Posix posix = Posix.get();
    Settings settings = settings(scratch);
    try (var scoreboard = Scoreboard.create(scratch.resolve("scoreboard"), 2);
        var sessions = new WorkerSessions(settings, posix, () -> 0);
        var service = new Service(settings, scoreboard, 0, posix, () -> NOBODY)) {
      sessions.open();
      HttpHandler app = new BlockingHandler(ClassTraining::answer);
      service.handler(
          sessions
              .of(settings.apps().get(0))
              .attach(app, ClassTraining.class.getClassLoader(), List.of()));
      sessions.startTicking();
      new WarmUpRun(settings, service).run();
      Posix.FdPair pair = posix.streamPair();
      service.front.open(
          Descriptors.connected(pair.second(), SELF),
          Entrance.plain(true),
          false,
          service.front.threads.get(0));
      try (var client = WarmUpClient.of(pair.first())) {
        for (int i = 0; i < REQUESTS; i++) {
          client.get(new OwnRequest("localhost", "/"));
        }
      }
      acceptAndDrain(service, posix);
    }
  }

  private static void acceptAndDrain(Service service, Posix posix) throws Exception {
    try (var socket = ServerSocketChannel.open().bind(SELF);
        var client = new Socket()) {
      int listening = posix.duplicate(Descriptors.number(socket));
      service.listen("training", Entrance.plain(false), listening).join();
      service.departures.onDrain(
          ClassTraining.class.getClassLoader(), leaving -> leaving.end(() -> {}));
      service.accept().join();
      service.serving();
      client.connect(socket.getLocalAddress());
      new WarmUpClient(client.getInputStream(), client.getOutputStream())
          .get(new OwnRequest("localhost", "/"));
      Drain drain = service.drain();
      while (!drain.step(System.nanoTime())) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
    }
  }

  private static void answer(HttpServerExchange exchange) {
    var session = Sessions.getOrCreateSession(exchange);
    session.setAttribute("count", 1);
    exchange.getResponseSender().send(session.getId());
  }

  private static Settings settings(Path scratch) throws Exception {
    List<String> sets =
        List.of(
            "run-dir=/", // not used, but a long one is refused for the sockets in it
            "sessions.dir=" + scratch.resolve("sessions"),
            "sessions.capacity=1000");
    // As the master renders them and a worker reads them.
    return SettingsLoader.fromJson(
        SettingsLoader.load(scratch, Optional.empty(), sets, Map.of())
            .effective()
            .root()
            .render(ConfigRenderOptions.concise()));
  }

  /** The channel to the master is not used here, but every worker needs its classes. */
  private static void loadOwnClasses() throws Exception {
    Path worker =
        Path.of(ClassTraining.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    File[] siblings = worker.resolveSibling(".").normalize().toFile().listFiles();
    for (File file : siblings == null ? new File[0] : siblings) {
      if (OWN_JAR.matcher(file.getName()).matches() && !file.getName().contains("-master")) {
        try (var jar = new JarFile(file)) {
          for (JarEntry entry : Collections.list(jar.entries())) {
            if (entry.getName().endsWith(".class")) {
              load(entry.getName());
            }
          }
        }
      }
    }
  }

  private static void load(String entry) throws ClassNotFoundException {
    String name = entry.substring(0, entry.length() - ".class".length()).replace('/', '.');
    if (!name.endsWith("-info")) {
      Class.forName(name, false, ClassTraining.class.getClassLoader());
    }
  }
}
