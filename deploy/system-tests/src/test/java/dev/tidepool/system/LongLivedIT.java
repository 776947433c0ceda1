package dev.tidepool.system;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** WebSockets and event streams over a reload. */
final class LongLivedIT {
  private static final int EACH = 20;
  private static final long SPREAD = TimeUnit.SECONDS.toNanos(4);
  private static final int GOING_AWAY = 1001;

  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig("drain { spread = 4 s, idle-window = 200 ms }");

  private final HttpClient client = HttpClient.newHttpClient();

  /** How a connection ended, and when, as System.nanoTime(). */
  private record End(int code, String text, long nanos) {}

  @Test
  void clientsAreSentElsewhereOneAfterTheOther() {
    List<CompletableFuture<End>> sockets = new ArrayList<>();
    List<CompletableFuture<End>> streams = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      sockets.add(openSocket(i % 2 == 0));
      streams.add(openStream());
    }

    Cli.Result reload = server.reload();

    assertThat(reload.output()).contains("the app was told to end " + 2 * EACH, " 0 cut");
    assertThat(ends(streams)).extracting(End::text).allMatch(text -> text.startsWith("data:pid="));
    List<End> closes = ends(sockets);
    assertThat(closes).extracting(End::code).containsOnly(GOING_AWAY);
    List<Long> times = closes.stream().map(End::nanos).sorted().toList();
    assertThat(times.get(EACH - 1) - times.get(0))
        .as("random moments of drain.spread are not all at once")
        .isGreaterThan(SPREAD / 4);
  }

  /** Keeps still, perhaps after it said something. */
  private CompletableFuture<End> openSocket(boolean speaks) {
    var echoed = new CompletableFuture<String>();
    var end = new CompletableFuture<End>();
    WebSocket socket =
        client
            .newWebSocketBuilder()
            .buildAsync(
                URI.create("ws:/" + server.address() + "/ws/echo"),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(
                      WebSocket from, CharSequence data, boolean last) {
                    echoed.complete(data.toString());
                    from.request(1);
                    return CompletableFuture.completedStage(null);
                  }

                  @Override
                  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                    end.complete(new End(code, reason, System.nanoTime()));
                    return CompletableFuture.completedStage(null);
                  }

                  @Override
                  public void onError(WebSocket from, Throwable error) {
                    end.completeExceptionally(error);
                  }
                })
            .join();
    if (speaks) {
      socket.sendText("hello", true).join();
      assertThat(echoed).succeedsWithin(ofSeconds(30)).isEqualTo("hello");
    }
    return end;
  }

  private CompletableFuture<End> openStream() {
    var request =
        HttpRequest.newBuilder(URI.create("http:/" + server.address() + "/events")).build();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> new End(response.statusCode(), response.body(), System.nanoTime()));
  }

  private static List<End> ends(List<CompletableFuture<End>> connections) {
    return connections.stream()
        .map(end -> assertThat(end).succeedsWithin(ofSeconds(30)).actual())
        .toList();
  }
}
