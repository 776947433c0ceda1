package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * nghttp2's h2load, posting, run after run, through a {@link FrameCounter}. It opens no new
 * connection after a GOAWAY: what it has not sent by then it counts as failed, also what it calls
 * started but had not written yet when it read the GOAWAY. Lost is only what it has sent.
 */
final class Nghttp2Load implements AutoCloseable {
  private static final Pattern REQUESTS = Pattern.compile("(\\d+) succeeded, .* 0 timeout");

  private final FrameCounter counter;
  private final List<String> command;
  private final Thread thread = new Thread(this::repeat, "h2load");
  private volatile boolean stopping;
  private final AtomicInteger answered = new AtomicInteger();
  private int runs;

  /** Output of a run that went wrong. */
  private volatile @Nullable String lost;

  /** {@code body}: a file that is posted. */
  Nghttp2Load(FrameCounter counter, Path body) {
    this.counter = counter;
    String url = "http://127.0.0.1:" + counter.port() + "/echo";
    command = List.of("h2load", "-n200", "-c4", "-m4", "--rps=50", "--data=" + body, url);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
    Eventually.until(
        Duration.ofSeconds(30), () -> (answered.get() > 0 || lost != null) ? true : null);
  }

  private void repeat() {
    while (!stopping && lost == null) {
      run();
    }
  }

  private void run() {
    String output = Cli.run(Duration.ofMinutes(1), Map.of(), command).output();
    Matcher requests = REQUESTS.matcher(output);
    if (!requests.find()) {
      lost = output;
      return;
    }
    int succeeded = Integer.parseInt(requests.group(1));
    if (succeeded == 0) {
      lost = output;
    }
    answered.addAndGet(succeeded);
    runs++;
  }

  /** Ends it. */
  void assertNothingLost(int leastRuns) {
    close();
    System.out.println(
        "h2load: %d runs, %d requests, %d answers"
            .formatted(runs, counter.requests(), answered.get()));
    assertThat(lost).isNull();
    assertThat(answered.get()).isEqualTo(counter.requests());
    assertThat(runs).isGreaterThanOrEqualTo(leastRuns);
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
