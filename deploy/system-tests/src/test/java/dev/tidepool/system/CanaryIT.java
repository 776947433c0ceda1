package dev.tidepool.system;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A new generation that is tried on a part of the traffic: of eight clients that stay connected.
 */
final class CanaryIT {
  private static final int CLIENTS = 8;
  private static final int LEAST = 100;
  private static final Pattern REQUESTS_OF_NEW = Pattern.compile("new: (\\d+) requests");
  private static final String SHARE = "reload.canary.share = 0.3";
  private static final String REQUESTS = "reload.canary.requests = " + LEAST;

  /** Warm enough for its latency to be compared. */
  private static final String SHED =
      "balance.shed-time = 1 s, warm-up { round = 20, limit = 300 ms }";

  @RegisterExtension static final TidepoolServer server = TidepoolServer.withConfig(SHED);

  private List<Integer> before = List.of();

  @BeforeEach
  void remember() {
    before = server.awaitServing(2).pids();
  }

  @Test
  void oneThatFailsOnlyRealRequestsIsRolledBackLongBeforeItsTime() {
    try (var load = Load.on(server.address()).keepingConnections(CLIENTS).start()) {
      load.awaitAnswers(500);
      server.configure(
          SHED,
          SHARE,
          "reload.canary.time = 1 h",
          "reload.canary.limit = 2 h",
          "app.settings.fail-requests = true");
      Cli.Result verdict = server.reload();
      load.awaitAnswers(500);
      LoadReport report = load.stop();
      System.out.println(report.summary() + "\n" + verdict.output());

      assertThat(verdict.exitCode()).as(verdict.output()).isEqualTo(1);
      assertThat(verdict.output())
          .containsPattern("not let through: \\d+ errors in \\d+ requests, the old one 0 in \\d+")
          .contains("serves on")
          .containsPattern("new: \\d+ requests, 100.00 % errors, p95 .*, \\d+ MiB")
          .containsPattern("old: \\d+ requests, 0.00 % errors, p95 .*, \\d+ MiB");
      assertThat(report.failures()).containsOnlyKeys(Failure.WRONG_STATUS);
      assertThat(report.failed(Failure.WRONG_STATUS)).isLessThan((int) report.answered() / 2);
      assertThat(server.awaitServing(2).pids()).isEqualTo(before);
    }
  }

  @Test
  void oneThatIsGoodIsLetThroughWithTheOthers() {
    try (var load = Load.on(server.address()).keepingConnections(CLIENTS).start()) {
      server.configure(
          SHED,
          SHARE,
          REQUESTS,
          "reload.canary.time = 1 s",
          "reload.canary.latency-slack = 10 s", // the machine may be busy
          "app.settings.version = good");
      Cli.Result receipt = server.reload();
      load.stop().assertNothingLost();

      assertThat(receipt.exitCode()).as(receipt.output()).isZero();
      Matcher figures = REQUESTS_OF_NEW.matcher(receipt.output());
      assertThat(figures.find()).as(receipt.output()).isTrue();
      assertThat(Integer.parseInt(figures.group(1))).isGreaterThanOrEqualTo(LEAST);
      assertThat(server.awaitServing(2).pids()).doesNotContainAnyElementsOf(before);
      assertThat(server.get("/version").body()).contains("good");
    }
  }

  @Test
  void oneThatNobodyAsksIsShownAndRolledBackAtTheLimit() {
    server.configure(
        SHARE,
        REQUESTS,
        "reload.canary.time = 2 s",
        "reload.canary.limit = 6 s",
        "app.settings.version = unknown");
    var reload = CompletableFuture.supplyAsync(server::reload);
    Config rollout =
        Eventually.until(
            ofSeconds(60),
            () -> {
              Status status = server.status();
              boolean tried = status.workers().stream().anyMatch(w -> w.role().equals("canary"));
              return tried ? status.json().getConfig("rollout") : null;
            });
    assertThat(rollout.getString("phase")).isEqualTo("canary");
    assertThat(rollout.getInt("canary.new.requests")).isZero();
    Cli.Result verdict = reload.join();
    assertThat(verdict.exitCode()).as(verdict.output()).isEqualTo(1);
    assertThat(verdict.output()).contains("0 requests of reload.canary.requests = " + LEAST);
    assertThat(server.awaitServing(2).pids()).isEqualTo(before);
  }
}
