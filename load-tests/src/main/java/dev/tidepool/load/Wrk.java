package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs wrk(1). */
final class Wrk {
  private static final Pattern RATE = Pattern.compile("Requests/sec: +([0-9.]+)");

  private Wrk() {}

  /** Requests a second of 64 clients that open a connection for each. */
  static double newConnections(InetSocketAddress address, Duration length)
      throws IOException, InterruptedException {
    return run(address, length, "-c64", "-H", "Connection: close");
  }

  /** Requests a second of 32 clients that keep their connections. */
  static double kept(InetSocketAddress address, Duration length)
      throws IOException, InterruptedException {
    return run(address, length, "-c32");
  }

  private static double run(InetSocketAddress address, Duration length, String... options)
      throws IOException, InterruptedException {
    String url = "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
    var command = new ArrayList<>(List.of("wrk", "-t2", "-d" + length.toSeconds() + "s"));
    command.addAll(List.of(options));
    command.add(url + "/hello");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("wrk failed: " + output);
    }
    return rate(output);
  }

  /** The rate that wrk printed; fails if it also printed answers that were not 2xx. */
  static double rate(String output) throws IOException {
    Matcher rate = RATE.matcher(output);
    if (!rate.find() || output.contains("Non-2xx")) {
      throw new IOException("wrk says: " + output);
    }
    return Double.parseDouble(rate.group(1));
  }
}
