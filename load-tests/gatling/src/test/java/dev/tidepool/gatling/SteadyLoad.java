package dev.tidepool.gatling;

import static io.gatling.javaapi.core.CoreDsl.constantConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.Simulation;

/** Users come and go at an even rate, each with a few requests on a connection: none fails. */
public final class SteadyLoad extends Simulation {
  public SteadyLoad() {
    var users = scenario("steady").repeat(20).on(exec(Target.hello()).pause(Target.PAUSE));
    setUp(users.injectClosed(constantConcurrentUsers(Target.USERS).during(Target.LENGTH)))
        .protocols(Target.at(Target.ADDRESS))
        .assertions(global().failedRequests().count().is(0L));
  }
}
