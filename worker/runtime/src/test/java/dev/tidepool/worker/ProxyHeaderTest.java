package dev.tidepool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String V4 = "c0000201" + "c6336401" + "1267" + "01bb";
  private static final String V6 = "20010db8000000000000000000000001";

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  /** Reads it whole, then each beginning of it, which must ask for more. */
  private static ProxyHeader read(byte[] header) throws ProtocolException {
    byte[] more = java.util.Arrays.copyOf(header, header.length + 3);
    ByteBuffer bytes = ByteBuffer.wrap(more);
    ProxyHeader read = ProxyHeader.read(bytes);
    assertThat(bytes.position()).isEqualTo(header.length);
    for (int length = 0; length < header.length; length++) {
      assertThat(ProxyHeader.read(ByteBuffer.wrap(header, 0, length).slice())).isNull();
    }
    assertThat(read).isNotNull();
    return java.util.Objects.requireNonNull(read);
  }

  private static String text(java.net.@Nullable InetSocketAddress address) {
    return address == null
        ? "none"
        : address.getAddress().getHostAddress() + " " + address.getPort();
  }

  @Test
  void version1() throws Exception {
    ProxyHeader v4 = read(ascii("PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n"));
    assertThat(text(v4.source())).isEqualTo("192.0.2.1 4711");
    assertThat(text(v4.destination())).isEqualTo("198.51.100.1 443");
    ProxyHeader v6 = read(ascii("PROXY TCP6 2001:db8::1 ::1 1 2\r\n"));
    assertThat(text(v6.source())).isEqualTo("2001:db8:0:0:0:0:0:1 1");
    assertThat(read(ascii("PROXY UNKNOWN\r\n")).source()).isNull();
    assertThat(read(ascii("PROXY UNKNOWN ffff:f...f:ffff 1 2\r\n")).source()).isNull();
  }

  @Test
  void version2() throws Exception {
    ProxyHeader v4 = read(hex(SIGNATURE + "21" + "11" + "000c" + V4));
    assertThat(text(v4.source())).isEqualTo("192.0.2.1 4711");
    assertThat(text(v4.destination())).isEqualTo("198.51.100.1 443");
    ProxyHeader v6 = read(hex(SIGNATURE + "21" + "21" + "0024" + V6 + V6 + "0001" + "0002"));
    assertThat(text(v6.source())).isEqualTo("2001:db8:0:0:0:0:0:1 1");
  }

  @Test
  void version2WithExtensions() throws Exception {
    String extension = "04" + "0010" + "00".repeat(16); // PP2_TYPE_NOOP
    assertThat(text(read(hex(SIGNATURE + "21" + "11" + "001f" + V4 + extension)).source()))
        .isEqualTo("192.0.2.1 4711");
  }

  @Test
  void version2WithoutAClient() throws Exception {
    assertThat(read(hex(SIGNATURE + "20" + "00" + "0000")).source()).isNull(); // LOCAL
    assertThat(read(hex(SIGNATURE + "20" + "11" + "000c" + V4)).source()).isNull();
    assertThat(read(hex(SIGNATURE + "21" + "00" + "0000")).source()).isNull(); // AF_UNSPEC
    assertThat(read(hex(SIGNATURE + "21" + "31" + "00d8" + "00".repeat(216))).source()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 4711\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 4711 65536\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 04711 443\r\n",
        "PROXY TCP4 192.0.2.1 example.com 4711 443\r\n",
        "PROXY TCP6 192.0.2.1 198.51.100.1 4711 443\r\n",
        "PROXY UDP4 192.0.2.1 198.51.100.1 4711 443\r\n",
        "PROXY UNKNOWN 0123456789012345678901234567890123456789012345678901234567890123456789"
            + "0123456789012345678901234567890\r\n",
        "\r\n\r\n\0\r\nQUIT\r\n"
      })
  void refusesWhatIsNoHeader(String text) {
    assertThatThrownBy(() -> ProxyHeader.read(ByteBuffer.wrap(ascii(text))))
        .isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "31" + "11" + "000c" + V4,
        "22" + "11" + "000c" + V4,
        "21110004c0000201",
        "2111ffff"
      })
  void refusesWhatIsNoHeaderOfVersion2(String rest) {
    assertThatThrownBy(() -> ProxyHeader.read(ByteBuffer.wrap(hex(SIGNATURE + rest))))
        .isInstanceOf(ProtocolException.class);
  }
}
