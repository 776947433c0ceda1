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
  private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");

  /** What it saw: requests a second, and requests in all. */
  record Run(double rate, long requests) {}

  private Wrk() {}

  /** 64 clients that open a connection for each request. */
  static Run newConnections(InetSocketAddress address, Duration length)
      throws IOException, InterruptedException {
    return run(address, length, "-c64", "-H", "Connection: close");
  }

  /** 32 clients that keep their connections. */
  static Run kept(InetSocketAddress address, Duration length)
      throws IOException, InterruptedException {
    return kept(address, length, 32);
  }

  /** So many clients that keep their connections; {@code options} are further ones of wrk. */
  static Run kept(InetSocketAddress address, Duration length, int clients, String... options)
      throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of("-c" + clients));
    all.addAll(List.of(options));
    return run(address, length, all.toArray(String[]::new));
  }

  private static Run run(InetSocketAddress address, Duration length, String... options)
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
    return parse(output);
  }

  /** What wrk printed; fails if it also printed answers that were not 2xx. */
  static Run parse(String output) throws IOException {
    Matcher rate = RATE.matcher(output);
    Matcher requests = REQUESTS.matcher(output);
    if (!rate.find() || !requests.find() || output.contains("Non-2xx")) {
      throw new IOException("wrk says: " + output);
    }
    return new Run(Double.parseDouble(rate.group(1)), Long.parseLong(requests.group(1)));
  }
}
