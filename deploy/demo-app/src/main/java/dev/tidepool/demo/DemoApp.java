package dev.tidepool.demo;

import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import dev.tidepool.app.WarmUp;
import io.undertow.Handlers;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.AllowedMethodsHandler;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.resource.ClassPathResourceManager;
import io.undertow.server.handlers.resource.ResourceHandler;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.time.Duration;

/** The demo app; see {@link DemoSettings} for what can be set. */
public final class DemoApp implements App {
  private Duration stopDelay = Duration.ZERO;

  /**
   * Returns the handler of all endpoints.
   *
   * @throws IllegalStateException if told to by {@code app.settings.fail-start}
   */
  @Override
  public HttpHandler start(AppContext context) throws IOException, InterruptedException {
    DemoSettings settings = DemoSettings.from(context.settings());
    stopDelay = settings.stopDelay();
    Thread.sleep(settings.startDelay().toMillis());
    if (settings.failStart()) {
      throw new IllegalStateException("app.settings.fail-start = true");
    }
    if (settings.blockStart()) {
      Faults.blockForGood();
    }
    HttpHandler handler = endpoints(context, settings);
    if (settings.failRequests()) {
      handler = failing(handler);
    }
    return settings.logRequests() ? logging(handler) : handler;
  }

  @Override
  public void stop() throws InterruptedException {
    Thread.sleep(stopDelay.toMillis());
  }

  private static HttpHandler endpoints(AppContext context, DemoSettings settings)
      throws IOException {
    var pages = new Pages(context, settings.version());
    PathHandler paths = Handlers.path();
    paths.addExactPath("/", get(new BlockingHandler(pages::home)));
    paths.addExactPath("/hello", get(pages::hello));
    paths.addExactPath("/version", get(new BlockingHandler(pages::version)));
    paths.addExactPath("/client", get(Pages::client));
    paths.addExactPath("/sleep", get(new BlockingHandler(pages::sleep)));
    paths.addExactPath("/echo", only(new BlockingHandler(Pages::echo), Methods.POST));
    paths.addExactPath(
        "/session/counter",
        only(
            new BlockingHandler(new SessionCounter(context.pid())),
            Methods.GET,
            Methods.HEAD,
            Methods.POST));
    paths.addPrefixPath(
        "/static",
        get(
            new ResourceHandler(
                new ClassPathResourceManager(DemoApp.class.getClassLoader(), "static"))));
    new Streams(context).addTo(paths);
    if (settings.faults()) {
      paths.addPrefixPath("/fault", Faults.handler());
    }
    return paths;
  }

  private static HttpHandler get(HttpHandler handler) {
    return only(handler, Methods.GET, Methods.HEAD);
  }

  private static HttpHandler only(HttpHandler handler, HttpString... methods) {
    return new AllowedMethodsHandler(handler, methods);
  }

  private static HttpHandler failing(HttpHandler handler) {
    return exchange -> {
      if (WarmUp.isWarmUp(exchange)) {
        handler.handleRequest(exchange);
      } else {
        exchange.setStatusCode(StatusCodes.INTERNAL_SERVER_ERROR);
        Pages.text(exchange, "app.settings.fail-requests = true\n");
      }
    };
  }

  private static HttpHandler logging(HttpHandler handler) {
    return exchange -> {
      if (!WarmUp.isWarmUp(exchange)) {
        System.out.println(line(exchange));
      }
      handler.handleRequest(exchange);
    };
  }

  /** The address as it was sent: decoded, it could hold a line end. */
  private static String line(HttpServerExchange exchange) {
    return exchange.getRequestMethod() + " " + exchange.getRequestURI();
  }
}
