package dev.tidepool.system;

import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An app that starts once: the next worker finds the file of {@code app.settings.marker}. */
public final class SecondStartFailsApp implements App {
  @Override
  public HttpHandler start(AppContext context) throws IOException {
    Files.createFile(Path.of(context.settings().getString("marker")));
    return exchange -> exchange.getResponseSender().send("new one, pid=" + context.pid() + "\n");
  }
}
