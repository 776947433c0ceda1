package dev.tidepool.gatling;

import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.Simulation;

/**
 * Ever more users, each on a new connection, whether or not those before were served: none fails.
 */
public final class Ramp extends Simulation {
  private static final int STEEPNESS = 20;

  public Ramp() {
    var users = scenario("ramp").exec(Target.hello());
    setUp(
            users.injectOpen(
                rampUsersPerSec(1).to((double) STEEPNESS * Target.USERS).during(Target.LENGTH)))
        .protocols(Target.at(Target.ADDRESS))
        .assertions(global().failedRequests().count().is(0L));
  }
}
