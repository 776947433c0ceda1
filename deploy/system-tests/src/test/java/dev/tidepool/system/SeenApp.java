package dev.tidepool.system;

import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import dev.tidepool.app.WarmUp;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.BlockingHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Answers everything, and tells at {@code /-seen} which requests it has seen since asked last. */
public final class SeenApp implements App {
  private final List<String> seen = new ArrayList<>();

  @Override
  public HttpHandler start(AppContext context) {
    return new BlockingHandler(
        exchange -> {
          if (exchange.getRequestPath().equals("/-seen")) {
            exchange.getResponseSender().send(take());
            return;
          }
          byte[] body = exchange.getInputStream().readAllBytes();
          String request = exchange.getRequestMethod() + " " + exchange.getRequestPath();
          if (!WarmUp.isWarmUp(exchange)) {
            remember(request);
          }
          exchange
              .getResponseSender()
              .send(request + "\n" + new String(body, StandardCharsets.ISO_8859_1));
        });
  }

  private synchronized void remember(String request) {
    seen.add(request);
  }

  private synchronized String take() {
    String all = String.join("\n", seen);
    seen.clear();
    return all;
  }
}
