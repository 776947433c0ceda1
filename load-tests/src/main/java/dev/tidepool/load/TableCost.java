package dev.tidepool.load;

import dev.tidepool.control.RequestTable;
import dev.tidepool.control.Scoreboard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/** What it costs a worker to show a request on the scoreboard and to take it away again. */
final class TableCost {
  private static final int REQUESTS = 5_000_000;
  private static final int ROUNDS = 9;

  private TableCost() {}

  /** Nanoseconds for a request, in rounds after one that only warms up. */
  static Rounds nanos() throws IOException {
    Path file = Files.createTempFile("tidepool-load", ".scoreboard");
    Files.delete(file);
    try {
      RequestTable table = Scoreboard.create(file, 1).record(0).requests();
      var scratch = new RequestTable.Scratch();
      var nanos = new ArrayList<Double>();
      for (int round = 0; round <= ROUNDS; round++) {
        long begin = System.nanoTime();
        for (int i = 0; i < REQUESTS; i++) {
          table.put(0, begin, "GET", "/hello", scratch);
          table.clear(0);
        }
        if (round > 0) {
          nanos.add((System.nanoTime() - begin) / (double) REQUESTS);
        }
      }
      return new Rounds(nanos);
    } finally {
      Files.deleteIfExists(file);
    }
  }
}
