package dev.tidepool.session;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import io.undertow.util.SameThreadExecutor;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/** Keeps requests waiting, or gives them to two workers by turns. */
final class UndertowSuiteFront implements AutoCloseable {
  private final Undertow server;
  private List<HttpHandler> workers = List.of();
  private int turn;
  private @Nullable Consumer<HttpServerExchange> holder;

  UndertowSuiteFront() {
    server =
        Undertow.builder().setIoThreads(1).addHttpListener(0, "127.0.0.1", this::handle).build();
    server.start();
  }

  int port() {
    return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
  }

  /** Answers nothing from now on; {@code newHolder} gets the requests. */
  synchronized void hold(Consumer<HttpServerExchange> newHolder) {
    holder = newHolder;
  }

  /** Gives the next request to the first worker, the one after it to the second, and so on. */
  synchronized void spread(List<URI> hosts) {
    holder = null;
    turn = 0;
    workers =
        hosts.stream()
            .<HttpHandler>map(
                host ->
                    ProxyHandler.builder()
                        .setProxyClient(new LoadBalancingProxyClient().addHost(host))
                        .setMaxRequestTime(30_000)
                        .build())
            .toList();
  }

  private void handle(HttpServerExchange exchange) throws Exception {
    HttpHandler worker;
    synchronized (this) {
      if (holder != null) {
        Consumer<HttpServerExchange> current = holder;
        exchange.dispatch(SameThreadExecutor.INSTANCE, () -> current.accept(exchange));
        return;
      }
      worker = workers.get(turn++ % workers.size());
    }
    worker.handleRequest(exchange);
  }

  static void cut(HttpServerExchange exchange) {
    IoUtils.safeClose(exchange.getConnection());
  }

  @Override
  public void close() {
    server.stop();
  }
}
