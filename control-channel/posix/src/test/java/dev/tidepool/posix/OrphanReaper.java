package dev.tidepool.posix;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;

/** Program of {@link ProcessesTest}, run as pid 1: reaps an orphan that ended with 7. */
final class OrphanReaper {
  private OrphanReaper() {}

  public static void main(String[] args) throws Exception {
    Posix posix = Posix.get();
    Process parent = new ProcessBuilder("sh", "-c", "sh -c 'sleep 0.3; exit 7' & echo $!").start();
    int orphan = Integer.parseInt(parent.inputReader(StandardCharsets.UTF_8).readLine());
    parent.waitFor();
    if (posix.reap(orphan).isPresent()) {
      throw new IllegalStateException("it still runs");
    }
    posix.awaitExit(orphan, Duration.ofSeconds(10));
    System.out.println(posix.stat(orphan).orElseThrow().state() == 'Z' ? "zombie" : "no zombie");
    OptionalInt code = posix.reap(orphan);
    System.out.println("reaped=" + code.orElse(-1));
    System.out.println(posix.stat(orphan).isEmpty() ? "gone" : "still there");
  }
}
