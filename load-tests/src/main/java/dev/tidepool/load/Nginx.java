package dev.tidepool.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An nginx that hands requests on to other servers, in one process. */
final class Nginx implements AutoCloseable {
  private static final int ATTEMPTS = 500;

  private final InetSocketAddress address;
  private final Process process;

  /**
   * Starts it in a new directory below {@code scratch}, and waits until it listens.
   *
   * @param balancing a line of the upstream's, or nothing
   */
  Nginx(Path scratch, String balancing, List<InetSocketAddress> servers)
      throws IOException, InterruptedException {
    int port = Workplace.freePort();
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Path directory = Files.createTempDirectory(scratch, "nginx");
    var upstream = new StringBuilder();
    servers.forEach(s -> upstream.append("server 127.0.0.1:").append(s.getPort()).append("; "));
    Files.writeString(
        directory.resolve("nginx.conf"),
        configuration(
            port,
            1,
            """
            proxy_pass http://pool;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            """,
            "upstream pool { " + balancing + upstream + "keepalive 8; }"));
    Path log = directory.resolve("log.txt");
    process =
        new ProcessBuilder(command(directory))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop nginx"));
    for (int i = 0; !listens(); i++) {
      if (i == ATTEMPTS || !process.isAlive()) {
        close();
        throw new IOException("nginx does not start:\n" + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private boolean listens() {
    try (var socket = new Socket(address.getAddress(), address.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }

  static List<String> command(Path directory) {
    return List.of("nginx", "-p", directory.toString(), "-c", "nginx.conf");
  }

  /**
   * A configuration, for nginx has no command line for it.
   *
   * @param hello directives of {@code /hello}
   * @param more of the level of servers
   */
  static String configuration(int port, int processes, String hello, String more) {
    return """
        daemon off;
        pid nginx.pid;
        worker_processes %d;
        error_log stderr warn;
        events { worker_connections 4096; }
        http {
          access_log off;
          keepalive_requests 1000000000;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          default_type text/plain;
          %s
          server {
            listen 127.0.0.1:%d backlog=4096;
            location = /hello { %s }
          }
        }
        """
        .formatted(processes, more, port, hello);
  }
}
