package dev.tidepool.load;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests a second of the demo app's session counter beside {@code /hello}, with the same cookies
 * of many sessions.
 */
final class SessionCost {
  private static final int SESSIONS = 256;
  private static final int CLIENTS = 32;

  private final InetSocketAddress address;
  private final Path directory;
  private final List<String> cookies = new ArrayList<>();

  /** Makes the sessions. */
  SessionCost(InetSocketAddress address, Path directory) throws IOException {
    this.address = address;
    this.directory = directory;
    for (int i = 0; i < SESSIONS; i++) {
      cookies.add(newSession());
    }
  }

  private String newSession() throws IOException {
    var url = URI.create("http://127.0.0.1:" + address.getPort() + "/session/counter").toURL();
    var connection = (HttpURLConnection) url.openConnection();
    connection.getInputStream().readAllBytes();
    String cookie = connection.getHeaderField("Set-Cookie");
    if (cookie == null) {
      throw new IOException(url + " makes no session");
    }
    return cookie.replaceFirst(";.*", "");
  }

  /**
   * One round of load.
   *
   * @param request method and path
   */
  Wrk.Run run(String request, Duration length) throws IOException, InterruptedException {
    Path script = Files.writeString(directory.resolve("requests.lua"), script(request));
    return Wrk.kept(address, length, CLIENTS, "-s", script.toString());
  }

  /** Its two threads begin at different sessions. */
  private String script(String request) {
    var lua = new StringBuilder("local requests, threads = {}, 0\n");
    for (String cookie : cookies) {
      lua.append("requests[#requests + 1] = \"")
          .append(request)
          .append(" HTTP/1.1\\r\\nHost: tidepool.test\\r\\nContent-Length: 0\\r\\nCookie: ")
          .append(cookie)
          .append("\\r\\n\\r\\n\"\n");
    }
    return lua.append("function setup(thread) thread:set('last', threads * #requests / 2)")
        .append(" threads = threads + 1 end\n")
        .append("function request() last = last % #requests + 1 return requests[last] end\n")
        .toString();
  }
}
