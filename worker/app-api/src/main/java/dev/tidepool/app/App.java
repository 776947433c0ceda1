package dev.tidepool.app;

import io.undertow.server.HttpHandler;

/**
 * An app: named in the jar's {@code META-INF/services/dev.tidepool.app.App}, made once in each
 * worker process.
 *
 * <p>The handler runs on an I/O thread; work that blocks belongs into the task pool: {@code
 * exchange.dispatch(…)} or {@code io.undertow.server.handlers.BlockingHandler}. HTTP sessions come
 * from {@code io.undertow.util.Sessions}.
 */
public interface App {

  /**
   * Starts the app. The worker serves nothing before this returns.
   *
   * @throws Exception if the app cannot start: the worker ends, and a reload goes back to the old
   *     generation with this reason
   */
  HttpHandler start(AppContext context) throws Exception;

  /** Called once after the last request; the worker ends soon after, finished or not. */
  default void stop() throws Exception {}
}
