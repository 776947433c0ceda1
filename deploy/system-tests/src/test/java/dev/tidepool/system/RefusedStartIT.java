package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Starts that cannot be: one clear line and an exit code, before any worker starts. */
final class RefusedStartIT {
  @RegisterExtension final TidepoolServer server = TidepoolServer.withConfig().notStarted();

  @Test
  void portInUse() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.configure("listen.http = \"127.0.0.1:" + taken.getLocalPort() + "\"");
      refused(1, "127.0.0.1:" + taken.getLocalPort(), "in use");
    }
  }

  @Test
  void privilegedPortWithoutRights() {
    server.configure("listen.http = \"127.0.0.1:81\"");
    server.launchedBy("setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-all");
    refused(1, "127.0.0.1:81", "not allowed");
  }

  @Test
  void addressOfAnotherMachine() {
    server.configure("listen.http = \"192.0.2.1:8080\"");
    refused(1, "192.0.2.1:8080");
  }

  @Test
  void addressThatIsNone() {
    server.configure("listen.http = \"nowhere\"");
    refused(78, "listen.http", "nowhere");
  }

  @Test
  void unixPathOnWhichSomebodyAnswers() throws IOException {
    Path path = server.directory().root().resolve("taken.sock");
    try (var taken = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      taken.bind(UnixDomainSocketAddress.of(path));
      server.configure("listen.http = \"unix:" + path + "\"");
      refused(1, path.toString());
    }
  }

  @Test
  void unixPathThatIsAnOrdinaryFile() {
    server.configure("listen.http = \"unix:" + server.directory().app() + "\"");
    refused(1, server.directory().app().toString());
    assertThat(server.directory().app()).exists();
  }

  @Test
  void brokenConfiguration() {
    server.configure("workers.cuont = 2", "workers.heap = 1 KiB");
    refused(78, "workers.cuont", "workers.heap");
  }

  @Test
  void unusableApp() {
    server.replaceApp(Jars.notAJar());
    refused(78, "app.jar");
  }

  @Test
  void appThatThrowsAtStart() {
    server.configure("app.settings.fail-start = true");
    Cli.Result end = server.launchToItsEnd();
    assertThat(end.exitCode()).as(end.output()).isEqualTo(1);
    assertThat(end.output()).contains("cannot serve");
  }

  @Test
  void workerThatNeverBecomesReady() {
    server.configure(
        "app.settings.block-start = true",
        "workers { count = 1, start-timeout = 2 s, start-attempts = 2, stop-timeout = 1 s }");
    Cli.Result end = server.launchToItsEnd();
    assertThat(end.exitCode()).as(end.output()).isEqualTo(1);
    assertThat(end.output()).contains("overdue");
  }

  @Test
  void secondMasterOnTheSameRunDirectory() {
    server.start();
    Cli.Result second = server.cli("run", "--config", server.config().toString());
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.output()).contains("another master", String.valueOf(server.pid()));
    assertThat(server.get("/hello").status()).isEqualTo(200);
  }

  private void refused(int exitCode, String... told) {
    Cli.Result end = server.launchToItsEnd();
    assertThat(end.exitCode()).as(end.output()).isEqualTo(exitCode);
    assertThat(end.output()).contains(told).doesNotContain("\tat ", " started");
    assertThat(
            end.output().lines().filter(line -> !line.contains(" INFO ") && line.contains(told[0])))
        .hasSize(1);
  }
}
