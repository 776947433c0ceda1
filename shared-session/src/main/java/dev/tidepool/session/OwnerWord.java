package dev.tidepool.session;

import dev.tidepool.posix.Posix;
import java.io.File;

/**
 * One process in one 64-bit word, so that it can be put in place by compare-and-set and anyone can
 * tell whether its owner still lives.
 *
 * <pre>
 *  63                32 31         30        0
 *  | start, low 32 bits | contended | pid     |
 * </pre>
 *
 * The start is in clock ticks since boot; with it a pid that was given out again is no mistake. 0
 * is nobody. The lower half is what futex waits on.
 */
final class OwnerWord {
  static final long NOBODY = 0;
  static final long CONTENDED = 1L << 31;

  private static final long OWN = own();

  private OwnerWord() {}

  /** The word of this process, not contended. */
  static long mine() {
    return OWN;
  }

  static int pid(long word) {
    return (int) (word & 0x7fff_ffffL);
  }

  static long withoutFlag(long word) {
    return word & ~CONTENDED;
  }

  /** False once no thread of the owner can run any more. Reads {@code /proc}: some 20 µs. */
  static boolean alive(long word) {
    long owner = withoutFlag(word);
    if (owner == OWN) {
      return true;
    }
    int pid = pid(word);
    return Posix.get()
        .stat(pid)
        .filter(stat -> word(pid, stat.startTicks()) == owner)
        .map(stat -> stat.state() != 'X' && (stat.state() != 'Z' || hasOtherThreads(pid)))
        .orElse(false);
  }

  /**
   * A killed process is a zombie while its other threads may still be on their last instructions.
   */
  private static boolean hasOtherThreads(int pid) {
    String[] tasks = new File("/proc/" + pid + "/task").list();
    return tasks != null && tasks.length > 1;
  }

  private static long word(int pid, long startTicks) {
    return startTicks << 32 | pid;
  }

  private static long own() {
    int pid = Posix.get().pid();
    return Posix.get()
        .stat(pid)
        .map(stat -> word(pid, stat.startTicks()))
        .orElseThrow(
            () -> new StoreException("/proc/" + pid + "/stat is not there; is /proc mounted?"));
  }
}
