package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How many of some kept connections each worker has, the fullest first. */
record Spread(List<Integer> perWorker) {
  private static final Pattern PID = Pattern.compile("pid=(\\d+)");
  private static final byte[] REQUEST =
      "GET /hello HTTP/1.1\r\nHost: tidepool.test\r\n\r\n".getBytes(ISO_8859_1);

  static Spread of(Collection<Integer> counts, int workers) {
    var all = new ArrayList<Integer>(counts);
    while (all.size() < workers) {
      all.add(0);
    }
    return new Spread(all.stream().sorted((a, b) -> b - a).toList());
  }

  /** Opens {@code count} connections one by one, asks each who has it, and closes them all. */
  static Spread measure(InetSocketAddress address, int count, int workers) throws IOException {
    var held = new ArrayList<Socket>();
    var perPid = new TreeMap<String, Integer>();
    try {
      for (int i = 0; i < count; i++) {
        var socket = new Socket(address.getAddress(), address.getPort());
        held.add(socket);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(REQUEST);
        perPid.merge(pidIn(socket.getInputStream()), 1, Integer::sum);
      }
    } finally {
      for (Socket socket : held) {
        socket.close();
      }
    }
    return of(perPid.values(), workers);
  }

  /** The fullest worker over the mean. */
  double unevenness() {
    double mean = perWorker.stream().mapToInt(Integer::intValue).average().orElse(0);
    return perWorker.get(0) / mean;
  }

  @Override
  public String toString() {
    return perWorker.stream().map(String::valueOf).collect(Collectors.joining("/"))
        + String.format(Locale.ROOT, " (%.2f x mean)", unevenness());
  }

  /** Reads until the answer, which is short, has named its process. */
  private static String pidIn(InputStream in) throws IOException {
    var answer = new StringBuilder();
    byte[] buffer = new byte[4096];
    while (answer.indexOf("\r\n\r\n") < 0 || !PID.matcher(answer).find()) {
      int length = in.read(buffer);
      if (length < 0) {
        throw new IOException("connection ended after: " + answer);
      }
      answer.append(new String(buffer, 0, length, ISO_8859_1));
    }
    Matcher pid = PID.matcher(answer);
    return pid.find() ? pid.group(1) : "";
  }
}
