package dev.tidepool.gatling;

import static io.gatling.javaapi.core.CoreDsl.constantConcurrentUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jmesPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.Simulation;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Each user counts in its session, with a new connection for each request, so that it meets several
 * workers: every answer is one more than the one before.
 */
public final class SessionConsistency extends Simulation {
  private final Set<String> pids = ConcurrentHashMap.newKeySet();

  public SessionConsistency() {
    var count =
        http("count")
            .post("/session/counter")
            .header("Connection", "close")
            .check(jmesPath("count").ofInt().is(session -> session.getInt("before") + 1))
            .check(jmesPath("pid").saveAs("pid"));
    var users =
        scenario("sessions")
            .repeat(10, "before")
            .on(
                exec(count)
                    .exec(
                        session -> {
                          pids.add(String.valueOf(session.getString("pid")));
                          return session;
                        })
                    .pause(Target.PAUSE));
    setUp(users.injectClosed(constantConcurrentUsers(Target.USERS).during(Target.LENGTH)))
        .protocols(Target.at(Target.ADDRESS))
        .assertions(global().failedRequests().count().is(0L));
  }

  @Override
  public void after() {
    System.out.println("sessions were served by " + pids.size() + " workers");
  }
}
