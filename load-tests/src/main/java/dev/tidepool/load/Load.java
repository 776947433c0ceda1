package dev.tidepool.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What a run of {@link Wrk} cost the servers.
 *
 * @param rate requests a second
 * @param micros processor time of a request
 */
record Load(double rate, double micros) {

  /** A kind of run. */
  interface Kind {
    Wrk.Run on(InetSocketAddress address, Duration length) throws IOException, InterruptedException;
  }

  static Load measure(
      Kind kind, InetSocketAddress address, Duration length, List<ProcessTree> servers)
      throws IOException, InterruptedException {
    double before = cpuSeconds(servers);
    Wrk.Run run = kind.on(address, length);
    return new Load(run.rate(), (cpuSeconds(servers) - before) * 1e6 / run.requests());
  }

  private static double cpuSeconds(List<ProcessTree> servers) throws IOException {
    double sum = 0;
    for (ProcessTree server : servers) {
      sum += server.cpuSeconds();
    }
    return sum;
  }
}
