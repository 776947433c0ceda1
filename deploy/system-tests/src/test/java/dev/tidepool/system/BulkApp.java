package dev.tidepool.system;

import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Methods;

/** Blocks a thread for each request: reads bodies, and answers GET /bulk with 8 MiB. */
public final class BulkApp implements App {
  private static final byte[] MIB = new byte[1 << 20];
  private static final int ANSWER_MIB = 8;

  @Override
  public HttpHandler start(AppContext context) {
    return new BlockingHandler(
        exchange -> {
          if (exchange.getRequestMethod().equals(Methods.POST)) {
            int bytes = exchange.getInputStream().readAllBytes().length;
            exchange.getResponseSender().send("read " + bytes + "\n");
          } else if (exchange.getRequestPath().equals("/bulk")) {
            exchange.setResponseContentLength((long) ANSWER_MIB * MIB.length);
            for (int i = 0; i < ANSWER_MIB; i++) {
              exchange.getOutputStream().write(MIB);
            }
          } else {
            exchange.getResponseSender().send("hello\n");
          }
        });
  }
}
