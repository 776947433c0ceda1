package dev.tidepool.system;

import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import io.undertow.server.HttpHandler;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An app that ends its worker two seconds after it started, again and again. */
public final class DiesSoonApp implements App {
  @Override
  public HttpHandler start(AppContext context) {
    var timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var thread = new Thread(task, "dies-soon");
              thread.setDaemon(true);
              return thread;
            });
    var unused = timer.schedule(() -> Runtime.getRuntime().halt(44), 2, TimeUnit.SECONDS);
    return exchange -> exchange.getResponseSender().send("soon gone, pid=" + context.pid() + "\n");
  }
}
