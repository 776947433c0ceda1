package dev.tidepool.posix;

import java.nio.file.Path;

/** Program of {@link ProcessesTest}: changes its output to a file. */
final class Redirected {
  private Redirected() {}

  public static void main(String[] args) {
    Posix posix = Posix.get();
    Path log = Path.of(args[0]);
    System.out.println("before");
    posix.redirectOutput(log);
    System.out.println("out");
    System.err.println("err");
    int before = posix.openDescriptors();
    posix.redirectOutput(log);
    System.exit(
        Math.max(0, posix.openDescriptors() - before)); // the JVM may close files of its own
  }
}
