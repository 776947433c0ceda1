package dev.tidepool.master;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks the supervision loop from another thread, and waits a bounded time for its answer. */
final class LoopView implements AdminPages.Source {
  private static final long LIMIT_SECONDS = 2;

  private volatile @Nullable Supervisor supervisor;
  private volatile @Nullable Function<Supervisor, String> report;

  /** Until then, nothing answers: the master is starting. */
  void connect(Supervisor newSupervisor, Function<Supervisor, String> newReport) {
    report = newReport;
    supervisor = newSupervisor;
  }

  /** The status as JSON; on the supervisor's thread. */
  String report(Supervisor asked) {
    Function<Supervisor, String> known = report;
    return known == null ? "{}" : known.apply(asked);
  }

  @Override
  public @Nullable String status() {
    return ask(this::report);
  }

  @Override
  public AdminPages.Readiness readiness() {
    return Objects.requireNonNullElse(
        ask(Supervisor::readiness), AdminPages.Readiness.NOBODY_SERVES);
  }

  private <T> @Nullable T ask(Function<Supervisor, T> question) {
    Supervisor asked = supervisor;
    if (asked == null) {
      return null;
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    asked.enqueue(s -> answer.complete(question.apply(s)));
    try {
      return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
