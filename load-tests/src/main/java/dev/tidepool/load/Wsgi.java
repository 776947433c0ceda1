package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The same line of text from Python, by the servers that are known for how they are operated. */
final class Wsgi {
  private static final String APP =
      """
      import os

      def app(environ, start_response):
          body = b"Hello from Tidepool, pid=%d\\n" % os.getpid()
          headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
          start_response("200 OK", headers)
          return [body]
      """;

  private Wsgi() {}

  static void writeApp(Path directory) throws IOException {
    Files.writeString(directory.resolve("hello.py"), APP);
  }

  /** With threads: its plain workers close each connection after one answer. */
  static List<String> gunicorn(Path directory, int port, int processes) {
    return List.of(
        "gunicorn",
        "--chdir=" + directory,
        "--bind=127.0.0.1:" + port,
        "--backlog=4096",
        "--workers=" + processes,
        "--worker-class=gthread",
        "--threads=4",
        "--keep-alive=60",
        "hello:app");
  }

  /** With its own HTTP router, without which a process serves one kept connection and no other. */
  static List<String> uwsgi(Path directory, int port, int processes) {
    return List.of(
        "uwsgi",
        "--plugins=http,python3",
        "--chdir=" + directory,
        "--http=127.0.0.1:" + port,
        "--http-keepalive=60",
        "--listen=1024",
        "--master",
        "--processes=" + processes,
        "--module=hello:app",
        "--need-app",
        "--disable-logging",
        "--die-on-term");
  }
}
