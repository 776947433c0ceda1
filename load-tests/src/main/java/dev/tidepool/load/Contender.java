package dev.tidepool.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A server that is measured. All answer {@code /hello} on plain HTTP/1.1. */
enum Contender {
  TIDEPOOL_1("Tidepool, 1 worker", 1),
  TIDEPOOL_2("Tidepool, 2 workers", 2),
  TIDEPOOL_4("Tidepool, 4 workers", 4),
  UNDERTOW("Undertow, 4 I/O threads", 0),
  UNDERTOW_FLAGS("Undertow, 4, worker's flags", 0),
  TOMCAT("Tomcat", 0),
  TOMCAT_TUNED("Tomcat, tuned", 0),
  JETTY("Jetty", 0),
  JETTY_TUNED("Jetty, tuned", 0),
  NGINX("nginx, return 200", 0),
  GUNICORN("gunicorn, 4 workers", 0),
  UWSGI("uWSGI, 4 processes", 0);

  /** Of those that four workers of Tidepool are measured against. */
  static final int IO_THREADS = 4;

  final String title;

  /** Workers of a pool, 0 for a server that is none. */
  final int workers;

  Contender(String title, int workers) {
    this.title = title;
    this.workers = workers;
  }

  boolean isTidepool() {
    return workers > 0;
  }

  /** Whether it is measured only if it is named: other languages have other expectations. */
  boolean onlyIfAsked() {
    return this == GUNICORN || this == UWSGI;
  }

  /** Whether it has the JVM flags and the environment of Tidepool's workers. */
  boolean tuned() {
    return this == UNDERTOW_FLAGS || this == TOMCAT_TUNED || this == JETTY_TUNED;
  }

  /**
   * How it is started.
   *
   * @param directory one of its own, that exists
   * @param admin port of a pool's own pages
   */
  List<String> command(Workplace at, Path directory, int port, int admin) {
    List<String> flags = tuned() ? at.workerFlags() : List.of();
    return switch (this) {
      case TIDEPOOL_1, TIDEPOOL_2, TIDEPOOL_4 -> pool(at, directory, port, admin);
      case UNDERTOW, UNDERTOW_FLAGS -> at.java(flags, "UndertowPeer", port, IO_THREADS);
      case TOMCAT -> at.java(flags, "TomcatPeer", port, directory);
      case TOMCAT_TUNED -> at.java(flags, "TomcatPeer", port, directory, "tuned");
      case JETTY -> at.java(flags, "JettyPeer", port);
      case JETTY_TUNED ->
          at.java(flags, "JettyPeer", port, Runtime.getRuntime().availableProcessors());
      case NGINX -> Nginx.command(directory);
      case GUNICORN -> Wsgi.gunicorn(directory, port, IO_THREADS);
      case UWSGI -> Wsgi.uwsgi(directory, port, IO_THREADS);
    };
  }

  private List<String> pool(Workplace at, Path directory, int port, int admin) {
    List<String> command =
        new ArrayList<>(
            List.of(
                at.distribution().resolve("bin/tidepool").toString(),
                "run",
                "--set=run-dir=" + directory.resolve("run"),
                "--set=listen.http=127.0.0.1:" + port,
                "--set=listen.admin=127.0.0.1:" + admin,
                "--set=workers.count=" + workers,
                "--set=workers.spares=0"));
    command.add("--set=" + ClassArchives.shared(at.distribution()).setting());
    at.poolSettings().forEach(setting -> command.add("--set=" + setting));
    return command;
  }
}
