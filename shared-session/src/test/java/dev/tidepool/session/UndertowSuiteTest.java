package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.session.InMemorySessionTestCase;
import io.undertow.server.handlers.session.SSLSessionTestCase;
import io.undertow.server.handlers.session.URLRewritingSessionTestCase;
import io.undertow.servlet.test.listener.ordering.ServletSessionListenerOrderingTestCase;
import io.undertow.servlet.test.listener.session.ServletSessionInvalidateWithListenerTestCase;
import io.undertow.servlet.test.session.ChangeSessionIdTestCase;
import io.undertow.servlet.test.session.CrossContextServletBrokenSessionFactoryTestCase;
import io.undertow.servlet.test.session.CrossContextServletSessionTestCase;
import io.undertow.servlet.test.session.CrossContextServletSharedSessionTestCase;
import io.undertow.servlet.test.session.MaxSessionLimitTestCase;
import io.undertow.servlet.test.session.ServletSessionCrawlerTestCase;
import io.undertow.servlet.test.session.ServletSessionTestCase;
import io.undertow.servlet.test.session.ServletURLRewritingSessionTestCase;
import io.undertow.servlet.test.session.SessionAttributesTestCase;
import io.undertow.servlet.test.session.SessionIdHandlingTestCase;
import io.undertow.servlet.test.session.invalidate.ServletSessionInvalidateTestCase;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Undertow's own session tests, the very classes of its tests jars, against {@link
 * SharedSessionManager} in two processes. Both processes set up the same test. The test of the
 * second one is kept waiting with its first request; that of the first one runs, and its requests
 * go to the server of the first process, to that of the second, and so on.
 *
 * <table>
 *   <caption>All methods of each class</caption>
 *   <tr><th>class</th><th>covered by</th></tr>
 *   <tr><td>InMemorySessionTestCase (3)</td><td>{@link #passes}</td></tr>
 *   <tr><td>URLRewritingSessionTestCase (2)</td><td>{@link #passes}</td></tr>
 *   <tr><td>ServletSessionTestCase (4)</td><td>{@link #passes}</td></tr>
 *   <tr><td>ServletURLRewritingSessionTestCase (5)</td><td>{@link #passes}</td></tr>
 *   <tr><td>SessionIdHandlingTestCase (2)</td><td>{@link #passes}</td></tr>
 *   <tr><td>SessionAttributesTestCase (1)</td><td>{@link #passes}</td></tr>
 *   <tr><td>CrossContextServletSessionTestCase (6)</td><td>{@link #passes}</td></tr>
 *   <tr><td>CrossContextServletSharedSessionTestCase (6)</td><td>{@link #passes}</td></tr>
 *   <tr><td>CrossContextServletBrokenSessionFactoryTestCase (1)</td><td>{@link #passes}</td></tr>
 *   <tr><td>ServletSessionInvalidateTestCase (1)</td><td>{@link #passes}</td></tr>
 *   <tr><td>ServletSessionInvalidateWithListenerTestCase (1)</td><td>{@link #passes}</td></tr>
 *   <tr><td>ServletSessionListenerOrderingTestCase (1)</td><td>{@link #passes}</td></tr>
 *   <tr><td>ChangeSessionIdTestCase (1)</td><td>{@link #passesAlone}, for it compares with what a
 *       listener left in the test's own process; over both processes {@link
 *       TwoWorkersTest}</td></tr>
 *   <tr><td>SSLSessionTestCase (1)</td><td>{@link #passesAlone}: a TLS session is known to the
 *       process that made it, and Undertow keeps the session's id by it</td></tr>
 *   <tr><td>ServletSessionCrawlerTestCase (1)</td><td>{@link #passesAlone}: which session a crawler
 *       has, Undertow keeps by its address in each process</td></tr>
 *   <tr><td>MaxSessionLimitTestCase (1)</td><td>{@link #refusesInItsOwnWay}: it wants 500, and we
 *       answer 503, which a proxy takes as a reason to ask elsewhere</td></tr>
 *   <tr><td>ServletSessionPersistenceTestCase</td><td>not at all: it wants sessions to end with
 *       their manager</td></tr>
 * </table>
 */
class UndertowSuiteTest {
  @TempDir static Path directory;
  private static UndertowSuiteFront front;
  private static Worker leader;
  private static Worker follower;

  @BeforeAll
  static void start() throws IOException {
    front = new UndertowSuiteFront();
    leader = new Worker("127.0.0.2");
    follower = new Worker("127.0.0.3");
  }

  @AfterAll
  static void stop() {
    leader.process.destroyForcibly();
    follower.process.destroyForcibly();
    front.close();
  }

  static Stream<Arguments> spread() {
    return methods(
        InMemorySessionTestCase.class,
        URLRewritingSessionTestCase.class,
        ServletSessionTestCase.class,
        ServletURLRewritingSessionTestCase.class,
        SessionIdHandlingTestCase.class,
        SessionAttributesTestCase.class,
        CrossContextServletSessionTestCase.class,
        CrossContextServletSharedSessionTestCase.class,
        CrossContextServletBrokenSessionFactoryTestCase.class,
        ServletSessionInvalidateTestCase.class,
        ServletSessionInvalidateWithListenerTestCase.class,
        ServletSessionListenerOrderingTestCase.class);
  }

  static Stream<Arguments> alone() {
    return methods(
        SSLSessionTestCase.class,
        ChangeSessionIdTestCase.class,
        ServletSessionCrawlerTestCase.class);
  }

  private static Stream<Arguments> methods(Class<?>... classes) {
    return Stream.of(classes)
        .flatMap(
            c ->
                Arrays.stream(c.getMethods())
                    .filter(m -> m.isAnnotationPresent(org.junit.Test.class))
                    .map(m -> Arguments.of(c, m.getName())));
  }

  @ParameterizedTest
  @MethodSource("spread")
  void passes(Class<?> test, String method) throws Exception {
    assertThat(run(test, method)).isEqualTo(UndertowSuiteWorker.PASSED);
  }

  @Test
  void refusesInItsOwnWay() throws Exception {
    assertThat(run(MaxSessionLimitTestCase.class, "testMaxSessionHandling"))
        .contains("expected:<500> but was:<503>");
  }

  private static String run(Class<?> test, String method) throws Exception {
    CompletableFuture<HttpServerExchange> held = new CompletableFuture<>();
    front.hold(held::complete);
    CompletableFuture<String> followed = follower.run(test, method);
    assertThat(CompletableFuture.anyOf(held, followed).get(30, TimeUnit.SECONDS))
        .as("the test in the other process")
        .isInstanceOf(HttpServerExchange.class);
    front.spread(List.of(leader.uri, follower.uri));
    try {
      return leader.run(test, method).get(60, TimeUnit.SECONDS);
    } finally {
      front.hold(UndertowSuiteFront::cut);
      UndertowSuiteFront.cut(held.get());
      followed.get(30, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @MethodSource("alone")
  void passesAlone(Class<?> test, String method) throws Exception {
    front.spread(List.of(leader.uri));
    assertThat(leader.run(test, method).get(60, TimeUnit.SECONDS))
        .isEqualTo(UndertowSuiteWorker.PASSED);
  }

  private static final class Worker {
    final URI uri;
    final Process process;
    private final BufferedReader answers;
    private final BufferedWriter orders;

    /** Of its own: the common pool may have but one thread, and the other worker blocks that. */
    private final Executor reader = task -> new Thread(task, "answers").start();

    Worker(String address) throws IOException {
      uri = URI.create("http://" + address + ":" + front.port());
      process =
          Children.talking(
              UndertowSuiteWorker.class,
              directory.resolve(address),
              address,
              String.valueOf(front.port()));
      answers = process.inputReader(StandardCharsets.UTF_8);
      orders = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Starts a test; the future is its verdict. */
    CompletableFuture<String> run(Class<?> test, String method) throws IOException {
      Path sessions = directory.resolve(test.getSimpleName() + "." + method);
      orders.write(test.getName() + " " + method + " " + sessions);
      orders.newLine();
      orders.flush();
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return String.valueOf(answers.readLine());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          },
          reader);
    }
  }
}
