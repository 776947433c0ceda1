package dev.tidepool.session;

import io.undertow.server.session.InMemorySessionManager;
import io.undertow.testutils.DefaultServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;

/**
 * A process that runs one of Undertow's test methods for each line that it reads: class, method,
 * directory of the sessions. It answers with a line: {@code passed}, or what went wrong.
 *
 * <p>Arguments: the address that its server listens at, and the port of that and of the front. The
 * tests themselves talk to the front, which listens at 127.0.0.1.
 */
final class UndertowSuiteWorker {
  static final String PASSED = "passed";

  private UndertowSuiteWorker() {}

  public static void main(String[] args) throws Exception {
    PrintStream answers = System.out;
    System.setOut(System.err); // the tests print
    System.setProperty("default.server.port", args[1]);
    System.setProperty("default.server.address", args[0]);
    DefaultServer.startServer();
    System.setProperty("default.server.address", "127.0.0.1");

    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 3);
      InMemorySessionManager.startOver(Path.of(words[2]));
      answers.println(run(Class.forName(words[0]), words[1]));
    }
    System.exit(0); // Undertow's server has threads that would live on
  }

  private static String run(Class<?> test, String method) {
    Result result = new JUnitCore().run(Request.method(test, method));
    if (result.getFailureCount() > 0) {
      return result.getFailures().get(0).getTrace().replaceAll("\\R", " | ");
    }
    return result.getRunCount() == 1 ? PASSED : "ran " + result.getRunCount() + " tests";
  }
}
