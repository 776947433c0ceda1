package dev.tidepool.posix;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Program of {@link ProcessesTest}, run as pid 1: reaps an orphan that ended with 7. */
final class OrphanReaper {
  private OrphanReaper() {}

  public static void main(String[] args) throws Exception {
    Posix posix = Posix.get();
    String child = "trap 'exit 7' TERM; echo $$; while :; do sleep 0.1; done";
    Process parent = new ProcessBuilder("sh", "-c", "sh -c \"$1\" & wait", "sh", child).start();
    int orphan = Integer.parseInt(parent.inputReader(StandardCharsets.UTF_8).readLine());
    parent.destroyForcibly().waitFor();
    if (posix.reap(orphan).isPresent()) {
      throw new IllegalStateException("it still runs");
    }
    posix.kill(orphan, Signal.TERM);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (posix.stat(orphan).orElseThrow().state() != 'Z' && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    System.out.println(posix.stat(orphan).orElseThrow().state() == 'Z' ? "zombie" : "no zombie");
    OptionalInt code = posix.reap(orphan);
    System.out.println("reaped=" + code.orElse(-1));
    System.out.println(posix.stat(orphan).isEmpty() ? "gone" : "still there");
  }
}
