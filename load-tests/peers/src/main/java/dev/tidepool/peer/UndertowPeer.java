package dev.tidepool.peer;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.handlers.AllowedMethodsHandler;
import io.undertow.util.Headers;
import io.undertow.util.Methods;

/** Undertow as it comes, with the demo app's handlers. Arguments: port, I/O threads. */
public final class UndertowPeer {
  private UndertowPeer() {}

  /** See the class. */
  public static void main(String[] arguments) {
    Undertow.builder()
        .addHttpListener(Integer.parseInt(arguments[0]), "127.0.0.1")
        .setIoThreads(Integer.parseInt(arguments[1]))
        .setHandler(
            Handlers.path()
                .addExactPath(
                    Hello.PATH,
                    new AllowedMethodsHandler(
                        exchange -> {
                          exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, Hello.TYPE);
                          exchange.getResponseSender().send(Hello.TEXT);
                        },
                        Methods.GET,
                        Methods.HEAD)))
        .build()
        .start();
  }
}
