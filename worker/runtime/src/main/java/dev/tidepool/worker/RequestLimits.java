package dev.tidepool.worker;

import dev.tidepool.conf.RequestLimit;
import dev.tidepool.conf.RequestSettings;
import dev.tidepool.control.WorkerRecord;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;

/**
 * Looks at how long requests take: slow ones are logged, those that are past their limit are
 * interrupted, and those whose thread does not come back from that are given up. By one thread.
 */
final class RequestLimits {
  private static final Logger log = LoggerFactory.getLogger(RequestLimits.class);
  private static final int STACK_FRAMES = 12;
  private static final int LOGGED_PER_SECOND = 5;
  private static final ByteBuffer GIVEN_UP =
      StandardCharsets.ISO_8859_1.encode(
          "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

  private final RequestSettings settings;
  private final ActiveRequests requests;
  private final WorkerRecord record;
  private long second;
  private int loggedInIt;
  private int notLogged;

  RequestLimits(RequestSettings settings, ActiveRequests requests, WorkerRecord record) {
    this.settings = settings;
    this.requests = requests;
    this.record = record;
  }

  void look(long now) {
    int stuck = 0;
    for (int i = 0; i < requests.ioThreads(); i++) {
      ActiveRequest request = requests.onIoThread(i);
      if (request != null) { // a worker whose I/O thread does not come back is its master's affair
        slow(request, limit(request), request.connection.thread, now);
      }
    }
    for (ActiveRequest request : requests.elsewhere()) {
      if (!request.connection.warmUp) {
        RequestLimit limit = limit(request);
        slow(request, limit, request.thread(), now);
        overdue(request, limit, now);
        stuck += request.givenUp ? 1 : 0;
      }
    }
    record.stuckRequests(stuck);
  }

  private RequestLimit limit(ActiveRequest request) {
    RequestLimit best = settings.limit();
    if (!settings.paths().isEmpty()) {
      String path = request.exchange.getRequestPath();
      int longest = 0;
      for (Map.Entry<String, RequestLimit> each : settings.paths().entrySet()) {
        if (each.getKey().length() > longest && path.startsWith(each.getKey())) {
          longest = each.getKey().length();
          best = each.getValue();
        }
      }
    }
    return best;
  }

  private static boolean beyond(ActiveRequest request, Duration limit, long now) {
    return !limit.isZero() && request.ageNanos(now) > limit.toNanos();
  }

  private void slow(ActiveRequest request, RequestLimit limit, @Nullable Thread thread, long now) {
    if (request.slowNoted || !beyond(request, limit.soft(), now)) {
      return;
    }
    request.slowNoted = true;
    if (TimeUnit.NANOSECONDS.toSeconds(now) != second) {
      second = TimeUnit.NANOSECONDS.toSeconds(now);
      loggedInIt = 0;
    }
    if (loggedInIt++ >= LOGGED_PER_SECOND) {
      notLogged++;
      return;
    }
    log.warn(
        "slow: {} takes {} ms already (request.soft-timeout){}{}",
        request.describe(),
        millis(request.ageNanos(now)),
        notLogged == 0 ? "" : "; " + notLogged + " more were not logged",
        thread == null ? "; no thread works on it" : "; on " + stack(thread));
    notLogged = 0;
  }

  private void overdue(ActiveRequest request, RequestLimit limit, long now) {
    if (request.givenUp) {
      return;
    }
    if (request.interruptedAt != 0) {
      if (now - request.interruptedAt > settings.interruptGrace().toNanos()) {
        giveUp(request, now);
      }
    } else if (beyond(request, limit.hard(), now)) {
      boolean interrupted = request.interrupt();
      log.warn(
          "{} takes {} ms already (request.hard-timeout): {}",
          request.describe(),
          millis(request.ageNanos(now)),
          interrupted ? "interrupted" : "no thread works on it, answering 503");
      request.interruptedAt = now;
      if (!interrupted) {
        onIoThread(request, () -> refuse(request));
      }
    }
  }

  /** No thread works on it: it waits for something that takes too long. */
  private static void refuse(ActiveRequest request) {
    if (!request.refuse()) {
      return; // it went on before its I/O thread came to this
    }
    if (request.exchange.isResponseStarted()) {
      IoUtils.safeClose(request.connection.stream());
    } else {
      request.exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
      request.exchange.endExchange();
    }
  }

  /** Its thread may still use the exchange, so the client is answered past it. */
  private void giveUp(ActiveRequest request, long now) {
    Thread thread = request.thread();
    if (thread == null) {
      return; // it came back, and its answer is on the way
    }
    request.givenUp = true;
    log.error(
        "{} goes on {} ms after it was interrupted (request.interrupt-grace): giving it up; on {}",
        request.describe(),
        millis(now - request.interruptedAt),
        stack(thread));
    TrackedConnection connection = request.connection;
    boolean answer =
        !request.exchange.isResponseStarted()
            && connection.http2() == null
            && connection.entrance.tls() == null;
    onIoThread(
        request,
        () -> {
          if (request.thread() != thread) {
            request.givenUp = false;
            return; // it came back in the meantime; its connection may serve the next one already
          }
          try {
            if (answer) {
              connection.socket.write(GIVEN_UP.duplicate());
            }
          } catch (IOException e) {
            log.debug("the client of a request that was given up is gone", e);
          }
          IoUtils.safeClose(connection.stream());
        });
  }

  private static void onIoThread(ActiveRequest request, Runnable task) {
    XnioIoThread thread = request.connection.thread;
    thread.execute(task);
  }

  private static String stack(Thread thread) {
    var text = new StringBuilder(thread.getName());
    StackTraceElement[] frames = thread.getStackTrace();
    for (int i = 0; i < Math.min(frames.length, STACK_FRAMES); i++) {
      text.append("\n\tat ").append(frames[i]);
    }
    return text.toString();
  }

  private static long millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos);
  }
}
