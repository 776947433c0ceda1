package dev.tidepool.load;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Rounds of load on a server until a request costs no less processor time than before. A length of
 * time would not do: each worker compiles for itself, so that four of them take longer than one
 * JVM.
 */
final class WarmUp {
  private static final int LAST = 5;

  /** The last rounds went on to fall if the best of them is below this part of all before. */
  private static final double FALLING = 0.95;

  /** One round of load. */
  interface Round {
    /** Answers the processor time of a request. */
    double micros() throws IOException, InterruptedException;
  }

  private WarmUp() {}

  /** Answers how long it took, in seconds; more than {@code most} if the cost did not settle. */
  static double seconds(Round round, Duration most) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    List<Double> micros = new ArrayList<>();
    do {
      micros.add(round.micros());
    } while (!settled(micros) && System.nanoTime() - begin < most.toNanos());
    return (System.nanoTime() - begin) / 1e9;
  }

  static boolean settled(List<Double> micros) {
    int before = micros.size() - LAST;
    return before > 0
        && Collections.min(micros.subList(before, micros.size()))
            >= FALLING * Collections.min(micros.subList(0, before));
  }
}
