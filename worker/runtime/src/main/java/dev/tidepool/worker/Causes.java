package dev.tidepool.worker;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Words for what went wrong, for one line. */
final class Causes {
  private Causes() {}

  /** The throwable, and the root of its causes if that is another one. */
  static String describe(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Throwable root = thrown;
    while (root.getCause() != null && seen.add(root)) {
      root = root.getCause();
    }
    String first = oneLine(thrown);
    return root == thrown ? first : first + " (caused by " + oneLine(root) + ")";
  }

  private static String oneLine(Throwable thrown) {
    return thrown.toString().lines().findFirst().orElse(thrown.getClass().getName());
  }
}
