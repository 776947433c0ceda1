package dev.tidepool.session;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.SessionConfig;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the requests of one session through one at a time, over all workers: the lock is taken
 * before the app sees the request and let go after its exchange is complete, dispatched and
 * asynchronous ones included. A request that must wait holds no thread; when its turn comes it goes
 * on in the task pool, and 503 is its answer if that takes too long.
 */
public final class RequestLockHandler implements HttpHandler {
  private static final Logger log = LoggerFactory.getLogger(RequestLockHandler.class);
  private static final AttachmentKey<Held> HELD = AttachmentKey.create(Held.class);

  private final HttpHandler next;
  private final SharedSessionManager manager;
  private final SessionConfig config;
  private final RequestLockQueue queue;
  private final RequestLockSettings settings;

  RequestLockHandler(
      HttpHandler next,
      SharedSessionManager manager,
      SessionConfig config,
      RequestLockQueue queue,
      RequestLockSettings settings) {
    this.next = next;
    this.manager = manager;
    this.config = config;
    this.queue = queue;
    this.settings = settings;
  }

  /** The locks of one request. */
  private static final class Held {
    final RequestLockQueue queue;
    final long request;
    final List<byte[]> keys = new ArrayList<>();

    Held(RequestLockQueue queue, long request) {
      this.queue = queue;
      this.request = request;
    }

    synchronized void releaseAll() {
      keys.forEach(key -> queue.release(key, request));
      keys.clear();
    }
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    String id = config.findSessionId(exchange);
    Held held = new Held(queue, queue.nextRequest());
    if (id == null || !SessionKey.isValidId(id)) {
      proceed(exchange, held);
      return;
    }
    byte[] key = manager.key(id);
    if (queue.tryAcquire(key, held.request)) {
      held.keys.add(key);
      proceed(exchange, held);
      return;
    }
    // Runs once this call has returned, so that nobody can resume the exchange before that.
    exchange.dispatch(
        SameThreadExecutor.INSTANCE,
        () -> queue.await(key, held.request, settings, new Resume(exchange, key, held)));
  }

  /** The listener goes first, which makes it the last to run: all writes are done by then. */
  private void proceed(HttpServerExchange exchange, Held held) throws Exception {
    exchange.putAttachment(HELD, held);
    exchange.addExchangeCompleteListener(
        (done, then) -> {
          try {
            held.releaseAll();
          } finally {
            then.proceed();
          }
        });
    next.handleRequest(exchange);
  }

  /** A session that the request made, or got a new id for, is the request's as well. */
  static void alsoHold(HttpServerExchange exchange, byte[] key) {
    Held held = exchange.getAttachment(HELD);
    if (held != null && held.queue.tryAcquire(key, held.request)) {
      synchronized (held) {
        held.keys.add(key);
      }
    }
  }

  private final class Resume implements RequestLockQueue.Outcome {
    private final HttpServerExchange exchange;
    private final byte[] key;
    private final Held held;

    Resume(HttpServerExchange exchange, byte[] key, Held held) {
      this.exchange = exchange;
      this.key = key;
      this.held = held;
    }

    @Override
    public void granted() {
      held.keys.add(key);
      try {
        exchange.dispatch(exchange.getConnection().getWorker(), e -> proceed(e, held));
      } catch (RuntimeException e) {
        held.releaseAll(); // the task pool is shutting down
        throw e;
      }
    }

    @Override
    public void refused(String why) {
      log.warn(
          "app {}: {} answered 503: {}",
          manager.getDeploymentName(),
          exchange.getRequestPath(),
          why);
      exchange.dispatch(
          exchange.getConnection().getWorker(),
          e -> {
            e.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
            e.getResponseHeaders().put(Headers.RETRY_AFTER, 1);
            e.endExchange();
          });
    }
  }
}
