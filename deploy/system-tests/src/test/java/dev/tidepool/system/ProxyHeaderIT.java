package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who the client is: PROXY headers, and what proxies forward. */
final class ProxyHeaderIT {
  private static final TestCertificates certificates = new TestCertificates().rsa("localhost");
  private static final String REQUEST =
      "GET /client HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  private static final String VERSION_2 = "0d0a0d0a000d0a515549540a";
  private static final String ADDRESSES = "c0000201" + "c6336401" + "1267" + "01bb";

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
          "listen.http = [\"127.0.0.1:0\",",
          "  { address = \"127.0.0.1:0\", proxy-protocol = true, trusted = [\"127.0.0.0/8\"] },",
          "  { address = \"127.0.0.1:0\", proxy-protocol = true, trusted = [\"192.0.2.0/24\"] },",
          "  \"unix:@DIR@/web.sock\"]",
          "listen.https = { address = \"127.0.0.1:0\", proxy-protocol = true, trusted = [\"127.0.0.1\"] }",
          certificates.setting("localhost"),
          "proxies.trusted = [\"192.0.2.0/24\", \"unix:\"]");

  private static InetSocketAddress plain = new InetSocketAddress(0);
  private static InetSocketAddress trusted = new InetSocketAddress(0);
  private static InetSocketAddress untrusted = new InetSocketAddress(0);
  private static InetSocketAddress https = new InetSocketAddress(0);

  @BeforeAll
  static void findOut() {
    List<String> http = server.status().http();
    plain = Status.tcp(http.get(0));
    trusted = Status.tcp(http.get(1));
    untrusted = Status.tcp(http.get(2));
    https = Status.tcp(server.status().https().get(0));
  }

  @AfterAll
  static void delete() throws IOException {
    certificates.delete();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static byte[] version2(String hex, String then) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(HexFormat.of().parseHex(VERSION_2 + hex));
    bytes.writeBytes(bytes(then));
    return bytes.toByteArray();
  }

  /** What is answered to these packets, until the server closes. */
  private static String answer(InetSocketAddress at, byte[]... packets) throws IOException {
    try (var socket = new Socket(at.getAddress(), at.getPort())) {
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
      for (byte[] packet : packets) {
        socket.getOutputStream().write(packet);
        eventually(Duration.ofSeconds(10), () -> assertThat(unread(socket)).isZero());
      }
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (SocketException e) {
      return ""; // reset: the server closed before it had read all
    }
  }

  /** Bytes that the kernel holds for the other end of a connection. */
  private static long unread(Socket socket) throws IOException {
    String local = ":%04X".formatted(socket.getPort());
    String remote = ":%04X".formatted(socket.getLocalPort());
    for (String line : Files.readAllLines(Path.of("/proc/net/tcp"))) {
      String[] fields = line.strip().split("\\s+", -1);
      if (fields[1].endsWith(local) && fields[2].endsWith(remote)) {
        return Long.parseLong(fields[4].substring(fields[4].indexOf(':') + 1), 16);
      }
    }
    return 0; // closed
  }

  @Test
  void version1InOnePacketAndInThree() throws IOException {
    String header = "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n";
    assertThat(answer(trusted, bytes(header + REQUEST)))
        .contains("source=192.0.2.1 port=4711 scheme=http host=a");
    assertThat(
            answer(
                trusted,
                bytes("PRO"),
                bytes("XY TCP6 2001:db8::1 ::1 1 2\r"),
                bytes("\n" + REQUEST)))
        .contains("source=2001:db8:0:0:0:0:0:1 port=1 ");
    assertThat(answer(trusted, bytes("PROXY UNKNOWN\r\n" + REQUEST))).contains("source=127.0.0.1");
  }

  @Test
  void version2WithExtensionsInOnePacketAndInTwo() throws IOException {
    String extensions = "04" + "0003" + "000000" + "020001" + "61"; // NOOP, AUTHORITY
    byte[] header = version2("2111" + "0016" + ADDRESSES + extensions, REQUEST);
    assertThat(answer(trusted, header)).contains("source=192.0.2.1 port=4711 ");
    byte[] first = Arrays.copyOf(header, 20);
    byte[] second = Arrays.copyOfRange(header, 20, header.length);
    assertThat(answer(trusted, first, second)).contains("source=192.0.2.1 port=4711 ");
    assertThat(answer(trusted, version2("2000" + "0000", REQUEST))) // LOCAL
        .contains("source=127.0.0.1 ");
  }

  @Test
  void noHeaderFromATrustedPeerIsClosedAndLogged() throws IOException {
    assertThat(answer(trusted, bytes(REQUEST))).isEmpty();
    assertThat(answer(trusted, version2("2511" + "000c" + ADDRESSES, REQUEST))).isEmpty();
    server.awaitLog("closed a connection from /127.0.0.1:");
    server.awaitLog("that begins with no PROXY header");
  }

  @Test
  void othersAreServedWithoutAHeader() throws IOException {
    assertThat(answer(untrusted, bytes(REQUEST))).contains("source=127.0.0.1 ");
    assertThat(answer(untrusted, bytes("PROXY TCP4 192.0.2.1 198.51.100.1 1 2\r\n" + REQUEST)))
        .doesNotContain("source=");
  }

  @Test
  void haproxySendsBothVersionsAlsoBeforeTls() throws IOException {
    for (String options :
        List.of("send-proxy", "send-proxy-v2 proxy-v2-options unique-id,crc32c")) {
      try (var front = Front.haproxy(server, trusted, options)) {
        assertThat(TidepoolServer.request(front.address(), "GET", "/client").body())
            .contains("source=127.0.0.1 ")
            .doesNotContain("port=0");
      }
    }
    try (var front = Front.haproxy(server, https, "send-proxy-v2 ssl verify none")) {
      assertThat(TidepoolServer.request(front.address(), "GET", "/client").body())
          .contains("scheme=https");
    }
  }

  @Test
  void whatIsForwardedIsBelievedFromTrustedProxiesOnly() throws Exception {
    String forwarded =
        String.join(
            "\r\n",
            "GET /client HTTP/1.1",
            "Host: a",
            "Connection: close",
            "X-Forwarded-For: 203.0.113.66, 203.0.113.1, 192.0.2.9",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: b",
            "X-Forwarded-Port: 8443",
            "",
            "");
    assertThat(answer(plain, bytes(forwarded)))
        .contains("source=127.0.0.1 ", "scheme=http host=a ", "forwarded=null");
    String header = "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n";
    assertThat(answer(trusted, bytes(header + forwarded)))
        .contains("source=203.0.113.1 ", "scheme=https host=b:8443 ");
    String stranger = "PROXY TCP4 203.0.113.7 198.51.100.1 4711 443\r\n";
    assertThat(answer(trusted, bytes(stranger + forwarded)))
        .contains("source=203.0.113.7 port=4711 scheme=http host=a ", "forwarded=null");
  }

  @Test
  void nginxOverAUnixSocketTellsTheClient() throws IOException {
    var socket = UnixDomainSocketAddress.of(server.directory().root().resolve("web.sock"));
    try (var front = Front.nginx(server, socket, 2);
        var connection = HttpConnection.open(front.address())) {
      String body =
          connection
              .exchange("GET", "/client", new byte[0], "X-Forwarded-For: 203.0.113.66\r\n")
              .body();
      assertThat(body).contains("source=127.0.0.1 ", "forwarded=203.0.113.66, 127.0.0.1");
    }
  }
}
