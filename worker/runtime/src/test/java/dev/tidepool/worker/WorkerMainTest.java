package dev.tidepool.worker;

import static dev.tidepool.worker.TestPool.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.WorkerMessage;
import dev.tidepool.control.WorkerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole life of a worker process, with a master that the test drives. */
class WorkerMainTest {
  private static final String HELLO =
      """
      System.out.println("hello from the app");
      return exchange -> exchange.getResponseSender().send(
          context.generation() + " " + context.settings().getString("greeting"));
      """;
  private static final String GREETING = "app.settings.greeting=hi";

  @TempDir Path directory;

  private Path app(String startBody) throws IOException {
    return new TestJar().app("Demo", startBody).build(directory, "app.jar");
  }

  private static void assertExits(Process process, int code) throws InterruptedException {
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(code);
  }

  @Test
  void fromHelloToDrained() throws Exception {
    Path stopped = directory.resolve("stopped");
    try (var master = new FakeMaster(directory)) {
      Process process = master.start("-Dstopped.file=" + stopped);
      WorkerMessage.Hello hello = master.welcome(app(HELLO), GREETING, "drain.idle-window=100 ms");
      assertThat(hello.pid()).isEqualTo((int) process.pid());
      assertThat(hello.record()).isEqualTo(-1);
      assertThat(hello.startTicks()).isPositive();
      assertThat(hello.state()).isEqualTo(WorkerState.STARTING);

      master.next(WorkerMessage.AppStarted.class);
      assertThat(master.next(WorkerMessage.Warmed.class).requests()).isPositive();
      assertThat(master.record().state()).isEqualTo(WorkerState.STANDBY);
      assertThat(master.record().served()).isZero();
      assertThat(master.log()).contains("spare pid=" + hello.pid() + " gen=7");

      master.send(new MasterMessage.Serve(3));
      assertThat(master.next(WorkerMessage.Serving.class).slot()).isEqualTo(3);
      assertThat(master.record().state()).isEqualTo(WorkerState.SERVING);
      try (var client = new RawClient(master.port)) {
        assertThat(client.get("/").body()).isEqualTo("7 hi");
        eventually("published", () -> master.record().served() == 1);
        assertThat(master.record().connections()).isEqualTo(1);
        long beat = master.record().heartbeatNanos();
        eventually("it beats", () -> master.record().heartbeatNanos() > beat);
        assertThat(System.nanoTime() - master.record().taskHeartbeatNanos())
            .isLessThan(TimeUnit.SECONDS.toNanos(5));

        master.send(new MasterMessage.Drain("reload"));
        eventually("draining", () -> master.record().state() == WorkerState.DRAINING);
        assertThat(client.get("/").saysClose()).isTrue();
      }
      WorkerMessage.Drained drained = master.next(WorkerMessage.Drained.class);
      assertThat(drained).isEqualTo(new WorkerMessage.Drained(2, 1, 0, 0));
      assertExits(process, 0);
      assertThat(stopped).hasContent("stopped");
      assertThat(master.log())
          .contains("slot=3 pid=" + hello.pid() + " gen=7 draining: reload")
          .containsPattern("OUT +spare pid=\\d+ gen=7 hello from the app");
    }
  }

  @Test
  void servesOnWithoutItsMasterAndDialsAgain() throws Exception {
    try (var master = new FakeMaster(directory)) {
      master.start();
      master.welcome(app(HELLO), GREETING);
      master.next(WorkerMessage.AppStarted.class);
      master.next(WorkerMessage.Warmed.class);
      master.send(new MasterMessage.Serve(0));
      master.next(WorkerMessage.Serving.class);

      master.vanish();
      try (var client = new RawClient(master.port)) {
        assertThat(client.get("/").status()).isEqualTo(200);
        master.open();
        WorkerMessage.Hello again = master.next(WorkerMessage.Hello.class);
        assertThat(again.record()).isEqualTo(1);
        assertThat(again.slot()).isZero();
        assertThat(again.generation()).isEqualTo(7);
        assertThat(again.state()).isEqualTo(WorkerState.SERVING);
        assertThat(again.descriptors()).containsExactly("127.0.0.1:" + master.port);
        assertThat(client.get("/").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void drainsWhenItsMasterIsGoneForGood() throws Exception {
    try (var master = new FakeMaster(directory)) {
      Process process = master.start();
      master.welcome(app(HELLO), GREETING, "master.grace=1 s", "drain.idle-window=100 ms");
      master.next(WorkerMessage.AppStarted.class);
      master.next(WorkerMessage.Warmed.class);
      master.send(new MasterMessage.Serve(0));
      master.next(WorkerMessage.Serving.class);
      master.vanish();
      assertExits(process, 0);
      assertThat(master.log()).contains("draining: no master");
    }
  }

  @Test
  void saysWhyItCannotServe() throws Exception {
    try (var master = new FakeMaster(directory)) {
      Process process = master.start();
      master.welcome(app("throw new IllegalStateException(\"no database\");"));
      WorkerMessage.Failed failed = master.next(WorkerMessage.Failed.class);
      assertThat(failed.phase()).isEqualTo("start");
      assertThat(failed.reason()).contains("app.jar").contains("no database");
      assertExits(process, WorkerExit.CANNOT_SERVE.code);
      assertThat(master.log()).contains("demo.Demo.start(");
    }
  }

  @Test
  void aBrokenJarIsARefusalToo() throws Exception {
    try (var master = new FakeMaster(directory)) {
      Process process = master.start();
      master.welcome(Files.writeString(directory.resolve("app.jar"), "no jar"));
      assertThat(master.next(WorkerMessage.Failed.class).phase()).isEqualTo("load");
      assertExits(process, WorkerExit.CANNOT_SERVE.code);
    }
  }

  @Test
  void anAppThatFailsItsWarmUpIsRefused() throws Exception {
    try (var master = new FakeMaster(directory)) {
      Process process = master.start();
      master.welcome(app("return exchange -> { throw new java.io.IOException(\"oops\"); };"));
      master.next(WorkerMessage.AppStarted.class);
      WorkerMessage.Failed failed = master.next(WorkerMessage.Failed.class);
      assertThat(failed.phase()).isEqualTo("warm-up");
      assertThat(failed.reason()).isEqualTo("GET / answered 500");
      assertExits(process, WorkerExit.CANNOT_SERVE.code);
    }
  }

  @Test
  void stopsAtOnceWhenTold() throws Exception {
    try (var master = new FakeMaster(directory)) {
      Process process = master.start();
      // An app that never finishes its start must not keep the worker from ending.
      master.welcome(app("new java.util.concurrent.CountDownLatch(1).await(); return null;"));
      eventually("starts", () -> master.record().heartbeatNanos() > 0);
      master.send(new MasterMessage.Stop("fast stop"));
      assertExits(process, 0);
    }
  }
}
