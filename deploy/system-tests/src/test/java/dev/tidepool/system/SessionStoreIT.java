package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The store of a pool: where it is, how long it lives, what becomes of too much. */
final class SessionStoreIT {
  @RegisterExtension final TidepoolServer server = TidepoolServer.withConfig().notStarted();

  @Test
  void isInMemoryAndPrivateAndLeavesNothing() throws IOException {
    server.configure("sessions.dir = \"\"");
    server.start();
    Path own = inMemory();
    assertThat(mode(own)).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(own)) {
      assertThat(files).isNotEmpty().allMatch(file -> mode(file).equals("rw-------"));
    }
    server.signalMaster(Signal.TERM);
    assertThat(server.awaitExit(ofSeconds(30))).isZero();
    assertThat(own).doesNotExist();
  }

  @Test
  void survivesTheServiceIfPersistent() throws IOException {
    server.configure("sessions.persist = true");
    server.start();
    var visitor = new Visitor();
    visitor.add(server.address());
    restart(Signal.TERM);
    assertThat(visitor.add(server.address()).count()).isEqualTo(2);
    server.process().destroyForcibly();
    server.awaitExit(ofSeconds(30));
    eventually(
        ofSeconds(40),
        () -> assertThat(Processes.mentioning(server.directory().root().toString())).isEmpty());
    server.start();
    assertThat(visitor.add(server.address()).count()).isEqualTo(3);
  }

  @Test
  void isForgottenWithTheServiceIfNotPersistent() throws IOException {
    server.start();
    var visitor = new Visitor();
    visitor.add(server.address());
    restart(Signal.TERM);
    assertThat(visitor.add(server.address()).count()).isEqualTo(1);
  }

  @Test
  void refusesNewSessionsWhenItIsFull() throws IOException {
    server.configure("sessions.capacity = 20");
    server.start();
    SocketAddress address = server.address();
    var visitor = new Visitor();
    visitor.add(address);
    int refused = 0;
    for (int i = 0; i < 40; i++) {
      var answer = TidepoolServer.request(address, "POST", "/session/counter");
      assertThat(answer.status()).isIn(200, 503);
      refused += answer.status() == 503 ? 1 : 0;
    }
    assertThat(refused).isPositive();
    assertThat(visitor.add(address).count()).isEqualTo(2);
    var json = ConfigFactory.parseString(server.cli("sessions", "--json").output());
    assertThat(json.getInt("refused")).isEqualTo(refused);
    assertThat(server.log()).contains("raise sessions.capacity");
  }

  @Test
  void endsSessionsThatNobodyUses() throws IOException {
    server.configure("sessions.timeout = 1 s");
    server.start();
    var visitor = new Visitor();
    visitor.add(server.address());
    eventually(
        ofSeconds(60),
        () -> {
          var json = ConfigFactory.parseString(server.cli("sessions", "--json").output());
          assertThat(json.getInt("expired")).isEqualTo(1);
          assertThat(json.getInt("sessions")).isZero();
        });
    assertThat(visitor.add(server.address()).count()).isEqualTo(1);
  }

  @Test
  void mustHaveRoomWhenThePoolStarts() {
    server.configure(
        "sessions { dir = \"\", capacity = 50000000, average-size = 100 KiB, max-size = 1 MiB }");
    refused("no store for 50000000 sessions");
  }

  @Test
  void mustBeADirectory() {
    server.configure("sessions.dir = \"" + server.config() + "\"");
    refused("sessions.dir=" + server.config() + " is no directory");
  }

  @Test
  void keepsItsSizeUntilTheNextStart() {
    server.start();
    server.configure("sessions.capacity = 3000");
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).isEqualTo(1);
    assertThat(reload.output()).contains("sessions.capacity cannot change from 2000 to 3000");
    assertThat(server.get("/hello").status()).isEqualTo(200);
  }

  private void refused(String reason) {
    Cli.Result end = server.launchToItsEnd();
    assertThat(end.exitCode()).as(end.output()).isEqualTo(1);
    assertThat(end.output())
        .contains(reason, "the first generation failed")
        .doesNotContain("\tat ");
  }

  private void restart(Signal signal) {
    server.signalMaster(signal);
    assertThat(server.awaitExit(ofSeconds(30))).isZero();
    server.start();
  }

  /** By the log: others make theirs beside it. */
  private Path inMemory() {
    Matcher made = Pattern.compile("(/dev/shm/tidepool-\\S+): made for").matcher(server.log());
    assertThat(made.find()).isTrue();
    return Path.of(made.group(1));
  }

  private static String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
