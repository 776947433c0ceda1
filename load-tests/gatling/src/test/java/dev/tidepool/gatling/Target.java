package dev.tidepool.gatling;

import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.time.Duration;

/** What is loaded, how hard and for how long, by system properties. */
final class Target {
  static final String ADDRESS = System.getProperty("tidepool.address", "http://127.0.0.1:8080");

  /** Of a steady load; others take longer if what they wait for does. */
  static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("tidepool.seconds", 60));

  /** Users at a time; at the end of a ramp, new users in a second. */
  static final int USERS = Integer.getInteger("tidepool.users", 32);

  /** Those of them that keep a connection while something happens. */
  static final int KEEPERS = Math.max(1, USERS / 4);

  /** What a user thinks between two requests, so that the load stays below saturation. */
  static final Duration PAUSE = Duration.ofMillis(20);

  private Target() {}

  /**
   * HTTP to {@code address}; each user has connections of its own and keeps them. When a kept one
   * is closed before an answer comes, Gatling asks once more on a new one, like a browser: what is
   * lost on a connection shows with its first request only.
   */
  static HttpProtocolBuilder at(String address) {
    return http.baseUrl(address).disableCaching().disableWarmUp().acceptHeader("*/*");
  }

  /** One request, to be answered with 200. */
  static ChainBuilder hello() {
    return exec(http("hello").get("/hello").check(status().is(200)));
  }

  /** A request that takes a while. */
  static ChainBuilder slow() {
    return exec(askSlowly());
  }

  /** The same on a connection of its own. */
  static ChainBuilder slowOnNewConnection() {
    return exec(askSlowly().header("Connection", "close"));
  }

  private static HttpRequestActionBuilder askSlowly() {
    return http("slow").get("/sleep?ms=500").check(status().is(200));
  }

  /** Where WebSockets are. */
  static String webSockets() {
    return ADDRESS.replaceFirst("^http", "ws");
  }
}
