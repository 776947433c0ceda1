package dev.tidepool.worker.access;

import dev.tidepool.app.WarmUp;
import dev.tidepool.conf.AccessLogSettings;
import dev.tidepool.control.WorkerIdentity;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A line for each request of a client, refused ones included, once it has been answered. */
public final class AccessLog implements Closeable {
  private static final int USUAL_LINE = 256;

  private final Format format;
  private final LineFile file;
  private final Supplier<WorkerIdentity> worker;

  /**
   * Opens the file, and asks {@code worker} for each line: a spare becomes a slot.
   *
   * @throws IOException if the file cannot be opened
   * @throws IllegalArgumentException if the format names a field that there is not
   */
  public AccessLog(AccessLogSettings settings, Supplier<WorkerIdentity> worker) throws IOException {
    format = Format.of(settings.format());
    file = new LineFile(settings.file());
    this.worker = worker;
    // TERM ends a worker without asking it.
    Runtime.getRuntime().addShutdownHook(new Thread(this::closeQuietly, "access-log-end"));
  }

  /** Logs the requests that come to {@code next}. */
  public HttpHandler wrap(HttpHandler next) {
    return exchange -> {
      if (!WarmUp.isWarmUp(exchange)) {
        exchange.addExchangeCompleteListener(new Line(exchange));
      }
      next.handleRequest(exchange);
    };
  }

  private final class Line implements ExchangeCompletionListener {
    private final long begin = System.nanoTime();
    private final String target;

    Line(HttpServerExchange exchange) {
      String query = exchange.getQueryString();
      String path = exchange.getRequestURI(); // as it was sent; the path may become another one
      target = query.isEmpty() ? path : path + "?" + query;
    }

    @Override
    public void exchangeEvent(HttpServerExchange exchange, NextListener following) {
      try {
        long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin);
        var entry = new Entry(exchange, target, System.currentTimeMillis(), micros, worker.get());
        var line = new StringBuilder(USUAL_LINE);
        format.append(entry, line);
        file.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
      } finally {
        following.proceed();
      }
    }
  }

  /** Appends to a new file of the same name from now on, for logrotate. */
  public void reopen() throws IOException {
    file.reopen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void closeQuietly() {
    try {
      close();
    } catch (IOException e) {
      System.err.println("access log: " + e.getMessage());
    }
  }
}
