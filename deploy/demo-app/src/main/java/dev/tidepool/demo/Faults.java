package dev.tidepool.demo;

import io.undertow.Handlers;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.PathHandler;
import java.lang.reflect.Field;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.xnio.XnioWorker;

/** Ways for a worker to die or to hang, below {@code /fault}. */
final class Faults {
  private static final int EXIT_CODE = 42;
  private static final int HALT_CODE = 43;

  /** Never emptied: that is the fault. */
  private static final List<byte[]> LEAKED = new CopyOnWriteArrayList<>();

  private Faults() {}

  static HttpHandler handler() {
    PathHandler faults = Handlers.path();
    faults.addExactPath("/exit", inTaskPool(exchange -> System.exit(EXIT_CODE)));
    faults.addPrefixPath("/halt", exchange -> Runtime.getRuntime().halt(HALT_CODE));
    faults.addExactPath("/oom", inTaskPool(Faults::oom));
    faults.addExactPath("/deadlock", inTaskPool(Faults::deadlock));
    faults.addExactPath("/spin", inTaskPool(Faults::spin));
    faults.addExactPath("/leak", inTaskPool(Faults::leak));
    faults.addExactPath("/segv", inTaskPool(Faults::segv));
    faults.addExactPath("/throw", inTaskPool(Faults::fail));
    faults.addExactPath("/block-io", exchange -> blockForGood());
    faults.addExactPath("/stuck", inTaskPool(Faults::stuck));
    return faults;
  }

  /** Blocks the calling thread, whoever interrupts it. */
  static void blockForGood() {
    while (true) {
      LockSupport.park();
      Thread.interrupted();
    }
  }

  private static HttpHandler inTaskPool(HttpHandler handler) {
    return new BlockingHandler(handler);
  }

  private static void oom(HttpServerExchange exchange) {
    while (true) {
      LEAKED.add(new byte[1 << 20]);
    }
  }

  /** Two threads wait for each other: this one and one of its own making. */
  private static void deadlock(HttpServerExchange exchange) {
    Object one = new Object();
    Object other = new Object();
    var bothHold = new CountDownLatch(2);
    var partner = new Thread(() -> lockInOrder(other, one, bothHold), "deadlock-partner");
    partner.setDaemon(true);
    partner.start();
    lockInOrder(one, other, bothHold);
  }

  private static void lockInOrder(Object first, Object second, CountDownLatch bothHold) {
    synchronized (first) {
      bothHold.countDown();
      while (bothHold.getCount() > 0) {
        Thread.onSpinWait();
      }
      synchronized (second) {
        throw new AssertionError("a deadlock did not happen");
      }
    }
  }

  private static void spin(HttpServerExchange exchange) {
    while (true) {
      Thread.onSpinWait();
    }
  }

  private static void leak(HttpServerExchange exchange) {
    int megabytes = Parameters.number(exchange, "mb", 1);
    if (megabytes < 0) {
      Parameters.refuse(exchange, "mb");
      return;
    }
    for (int i = 0; i < megabytes; i++) {
      LEAKED.add(new byte[1 << 20]);
    }
    Pages.text(exchange, "leaked " + LEAKED.size() + " MiB\n");
  }

  /** Writes to address 0; by reflection, for javac warns of this class. */
  private static void segv(HttpServerExchange exchange) throws ReflectiveOperationException {
    Class<?> unsafe = Class.forName("sun.misc.Unsafe");
    Field instance = unsafe.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    unsafe.getMethod("putAddress", long.class, long.class).invoke(instance.get(null), 0L, 0L);
  }

  private static void fail(HttpServerExchange exchange) {
    throw new IllegalStateException("/fault/throw was requested");
  }

  /** Blocks each thread of the task pool, this one too: there is no answer. */
  private static void stuck(HttpServerExchange exchange) {
    XnioWorker worker = exchange.getConnection().getWorker();
    for (int i = 1; i < worker.getMXBean().getMaxWorkerPoolSize(); i++) {
      worker.execute(Faults::blockForGood);
    }
    blockForGood();
  }
}
