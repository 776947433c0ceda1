package dev.tidepool.worker;

import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Sessions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** What a worker runs that only trains: each request has a session, and the drain is heard of. */
public final class TrainingApp implements App {

  /** Writes it into a jar, for a worker takes no app that is not in one. */
  static void writeJar(Path jar) throws IOException {
    String name = TrainingApp.class.getName();
    String file = name.replace('.', '/') + ".class";
    try (InputStream code = TrainingApp.class.getResourceAsStream("/" + file);
        var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("META-INF/services/" + App.class.getName()));
      out.write(name.getBytes(StandardCharsets.UTF_8));
      out.putNextEntry(new JarEntry(file));
      Objects.requireNonNull(code, file).transferTo(out);
    }
  }

  @Override
  public HttpHandler start(AppContext context) {
    context.onDrain(leaving -> leaving.end(() -> {}));
    return new BlockingHandler(TrainingApp::answer);
  }

  private static void answer(HttpServerExchange exchange) {
    var session = Sessions.getOrCreateSession(exchange);
    session.setAttribute("count", 1);
    exchange.getResponseSender().send(session.getId());
  }
}
