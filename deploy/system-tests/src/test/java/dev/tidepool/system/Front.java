package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real proxy in front of a server under test. */
final class Front implements AutoCloseable {
  private static final String NGINX =
      """
      daemon off;
      worker_processes 1;
      pid %1$s/nginx.pid;
      error_log %1$s/nginx.log warn;
      events { worker_connections 1024; }
      http {
        log_format forwarded escape=none '$upstream_status $request_method $uri';
        access_log %1$s/nginx-access.log forwarded;
        client_body_temp_path %1$s/nginx-body;
        proxy_temp_path %1$s/nginx-proxy;
        fastcgi_temp_path %1$s/nginx-fastcgi;
        uwsgi_temp_path %1$s/nginx-uwsgi;
        scgi_temp_path %1$s/nginx-scgi;
        %2$s
      }
      """;

  private static final String NGINX_WEB =
      """
        upstream tidepool { server %2$s; keepalive %4$d; }
        server {
          listen 127.0.0.1:%3$d;
          keepalive_requests 1000000;
          location / {
            proxy_pass http://tidepool;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
          }
        }
      """;

  private static final String HAPROXY =
      """
      defaults
        mode http
        timeout connect 10s
        timeout client 60s
        timeout server 60s
        http-reuse safe
      frontend web
        bind 127.0.0.1:%2$d
        default_backend tidepool
      backend tidepool
        server one %1$s %3$s
      """;

  private final Process process;
  private final InetSocketAddress address;
  private final Path root;

  private Front(Process process, InetSocketAddress address, Path root) {
    this.process = process;
    this.address = address;
    this.root = root;
  }

  /** nginx that keeps up to {@code keepalive} idle connections to {@code upstream}. */
  static Front nginx(TidepoolServer server, SocketAddress upstream, int keepalive)
      throws IOException {
    String target =
        upstream instanceof UnixDomainSocketAddress unix
            ? "unix:" + unix.getPath()
            : name((InetSocketAddress) upstream);
    Path root = directory(server);
    InetSocketAddress address = freeAddress();
    String web = NGINX_WEB.formatted(root, target, address.getPort(), keepalive);
    return start(root, address, nginx(root, web));
  }

  static Front haproxy(TidepoolServer server) throws IOException {
    return haproxy(server, server.address(), "");
  }

  /** HAProxy with these options of its {@code server} line, such as {@code send-proxy}. */
  static Front haproxy(TidepoolServer server, InetSocketAddress upstream, String options)
      throws IOException {
    Path root = directory(server);
    InetSocketAddress address = freeAddress();
    String config = HAPROXY.formatted(name(upstream), address.getPort(), options);
    return start(root, address, haproxy(root, config));
  }

  /**
   * What is shipped below {@code conf/}, as it stands but for these addresses and paths, and those
   * that it listens on. {@link #address} speaks TLS.
   */
  static Front shipped(TidepoolServer server, String name, Map<String, String> places)
      throws IOException {
    String config = Files.readString(Distribution.HOME.resolve("conf").resolve(name));
    for (var place : places.entrySet()) {
      config = config.replace(place.getKey(), place.getValue());
    }
    InetSocketAddress address = freeAddress();
    config = config.replaceAll("(listen |bind ):?80\\b", "$1" + name(freeAddress()));
    config = config.replaceAll("(listen |bind ):?443\\b", "$1" + name(address));
    Path root = directory(server);
    List<String> command = name.startsWith("nginx/") ? nginx(root, config) : haproxy(root, config);
    List<String> check = new ArrayList<>(command);
    check.add(1, name.startsWith("nginx/") ? "-t" : "-c");
    Cli.Result checked = Cli.run(Duration.ofSeconds(20), Map.of(), check);
    assertThat(checked.exitCode()).as(checked.output()).isZero();
    assertThat(checked.output()).doesNotContainIgnoringCase("warn");
    return start(root, address, command);
  }

  private static List<String> nginx(Path root, String web) throws IOException {
    Path file = root.resolve("nginx.conf");
    Files.writeString(file, NGINX.formatted(root, web));
    return List.of("nginx", "-c", file.toString(), "-p", root.toString());
  }

  private static List<String> haproxy(Path root, String config) throws IOException {
    Path file = root.resolve("haproxy.cfg");
    Files.writeString(file, config);
    return List.of("haproxy", "-db", "-f", file.toString());
  }

  private static Path directory(TidepoolServer server) throws IOException {
    return Files.createTempDirectory(server.directory().root(), "front");
  }

  InetSocketAddress address() {
    return address;
  }

  /** Of nginx: for each request the upstream's status, method, and path as nginx reads it. */
  Path accessLog() {
    return root.resolve("nginx-access.log");
  }

  @Override
  public void close() {
    Processes.signal((int) process.pid(), Signal.TERM);
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Front start(Path root, InetSocketAddress address, List<String> command)
      throws IOException {
    Path output = root.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    var front = new Front(process, address, root);
    try {
      eventually(
          Duration.ofSeconds(20),
          () -> new Socket(address.getAddress(), address.getPort()).close());
    } catch (AssertionError e) {
      front.close();
      throw new AssertionError(command + ": " + Files.readString(output), e);
    }
    return front;
  }

  private static String name(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  private static InetSocketAddress freeAddress() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    }
  }
}
