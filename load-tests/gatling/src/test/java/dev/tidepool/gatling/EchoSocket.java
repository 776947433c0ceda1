package dev.tidepool.gatling;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket of the JDK, for Gatling's keeps the code that it is closed with to itself. */
final class EchoSocket implements WebSocket.Listener {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final int LIMIT_SECONDS = 30;

  private final CompletableFuture<String> echo = new CompletableFuture<>();
  private final CompletableFuture<Integer> code = new CompletableFuture<>();
  private final WebSocket socket;

  private EchoSocket() throws Exception {
    socket =
        CLIENT
            .newWebSocketBuilder()
            .buildAsync(URI.create(Target.webSockets() + "/ws/echo"), this)
            .get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Connects, and says something that is answered. */
  static EchoSocket open() throws Exception {
    var opened = new EchoSocket();
    opened.socket.sendText("held", true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    String answer = opened.echo.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    if (!answer.equals("held")) {
      throw new IllegalStateException("the answer to held was " + answer);
    }
    return opened;
  }

  /** Waits until the server closes it. */
  int closeCode() throws Exception {
    return code.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  void close() throws Exception {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    echo.complete(data.toString());
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    code.complete(status);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    echo.completeExceptionally(error);
    code.completeExceptionally(error);
  }
}
