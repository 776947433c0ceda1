package dev.tidepool.gatling;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Users with a kept connection each, and others with a new one for each request that takes a while,
 * while something happens to the pool. When it is over, the request "verdict" fails if more was
 * lost than may be.
 */
abstract class DisturbedLoad extends Simulation {
  private static final long CALM_MILLIS = 1000;

  private final Disturbance disturbance;
  private final AtomicInteger lost = new AtomicInteger();
  private final long earliestEnd = System.nanoTime() + Target.LENGTH.toNanos();
  private volatile boolean over;
  private volatile String outcome = "";
  private volatile int allowed = -1; // until it went well

  DisturbedLoad(String address, Disturbance disturbance) {
    this(Target.at(address), disturbance, Target.hello(), Target.slowOnNewConnection());
  }

  /**
   * Of another protocol.
   *
   * @param ask what those who keep their connection ask again and again
   * @param askSlowly what the others ask
   */
  DisturbedLoad(
      HttpProtocolBuilder protocol,
      Disturbance disturbance,
      ChainBuilder ask,
      ChainBuilder askSlowly) {
    this.disturbance = disturbance;
    var keeping =
        scenario("kept connections")
            .asLongAs(session -> !isOver())
            .on(exec(ask).exec(this::tally).pause(Target.PAUSE));
    var opening =
        scenario("new connections")
            .asLongAs(session -> !isOver())
            .on(exec(askSlowly).exec(this::tally).pause(Target.PAUSE));
    var verdict =
        scenario("verdict")
            .exec(
                http("verdict")
                    .get("/hello")
                    .check(status().transform(code -> lost.get() <= allowed ? code : 0).is(200)));
    setUp(
            keeping
                .injectOpen(atOnceUsers(Target.KEEPERS))
                .andThen(verdict.injectOpen(atOnceUsers(1))),
            opening.injectOpen(atOnceUsers(Math.max(1, Target.USERS - Target.KEEPERS))))
        .protocols(protocol)
        .assertions(details("verdict").successfulRequests().count().is(1L));
  }

  @Override
  public void before() {
    var thread = new Thread(this::disturb, "disturbance");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void after() {
    System.out.printf(
        "%s: %d requests lost; %s%n", getClass().getSimpleName(), lost.get(), outcome);
  }

  private boolean isOver() {
    return over && System.nanoTime() > earliestEnd;
  }

  private Session tally(Session session) {
    if (session.isFailed()) {
      lost.incrementAndGet();
    }
    return session.markAsSucceeded();
  }

  private void disturb() {
    try {
      Thread.sleep(CALM_MILLIS); // of load, before anything happens
      allowed = disturbance.happen();
      outcome = allowed + " may be";
    } catch (Exception e) {
      outcome = e.toString();
    } finally {
      over = true;
    }
  }
}
