package dev.tidepool.control;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Program of {@link LogLinesTest}: args are identity, level, and what to print. */
final class LogPrinter {
  private static final Logger log = LoggerFactory.getLogger(LogPrinter.class);

  private LogPrinter() {}

  public static void main(String[] args) {
    LogLines.start(args[1], () -> args[0]);
    LogLines.captureSystemOut();
    switch (args[2]) {
      case "kinds" -> kinds();
      case "flood" -> flood(args[0]);
      default -> throw new IllegalArgumentException(args[2]);
    }
  }

  private static void kinds() {
    log.error("broken {}", 1, new IllegalStateException("why"));
    log.warn("two\nlines");
    log.info("{braces} {}", "{0}");
    log.debug("detail");
    log.trace("not shown");
    System.out.print("half ");
    System.out.println("and half");
    System.err.println("bad");
    System.out.print("é".repeat(5000));
    System.out.println();
    System.out.print("the end");
  }

  private static void flood(String identity) {
    for (int i = 0; i < 2000; i++) {
      log.info("{}", identity.repeat(100));
      System.out.println(identity.repeat(100));
    }
  }
}
