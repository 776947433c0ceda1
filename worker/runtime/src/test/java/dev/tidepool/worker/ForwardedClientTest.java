package dev.tidepool.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.conf.SettingsLoader;
import dev.tidepool.conf.TrustedPeers;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForwardedClientTest {
  private final HeaderMap headers = new HeaderMap();
  private TrustedPeers proxies = TrustedPeers.NONE;

  @BeforeEach
  void trustPrivateNetworks() throws Exception {
    proxies =
        SettingsLoader.load(
                Path.of("/"),
                Optional.empty(),
                List.of("proxies.trusted=[\"10.0.0.0/8\", \"fd00::/8\"]"),
                Map.of())
            .settings()
            .proxies()
            .trusted();
  }

  private ForwardedClientTest with(String name, String value) {
    headers.add(new HttpString(name), value);
    return this;
  }

  private ForwardedClient xForwarded() {
    return ForwardedClient.ofXForwarded(headers, proxies);
  }

  private ForwardedClient forwarded() {
    return ForwardedClient.ofForwarded(headers, proxies);
  }

  private static String address(ForwardedClient client) {
    return client.address() == null
        ? "none"
        : client.address().getAddress().getHostAddress() + " " + client.address().getPort();
  }

  @Test
  void theRightmostAddressThatIsNoProxyIsTheClient() {
    with("X-Forwarded-For", "192.0.2.66, 198.51.100.1, 10.0.0.2")
        .with("X-Forwarded-For", "10.1.2.3");
    assertThat(address(xForwarded())).isEqualTo("198.51.100.1 0");
  }

  @Test
  void aClientAmongTheProxiesIsTheLeftmostOne() {
    assertThat(address(with("X-Forwarded-For", "10.0.0.9, fd00::1").xForwarded()))
        .isEqualTo("10.0.0.9 0");
  }

  @Test
  void nothingIsBelievedBeyondWhatIsNoAddress() {
    assertThat(address(with("X-Forwarded-For", "198.51.100.1, unknown").xForwarded()))
        .isEqualTo("none");
    assertThat(address(with("X-Forwarded-For", "10.0.0.1").xForwarded())).isEqualTo("10.0.0.1 0");
  }

  @Test
  void addressesMayHavePorts() {
    assertThat(address(with("X-Forwarded-For", "198.51.100.1:4711").xForwarded()))
        .isEqualTo("198.51.100.1 4711");
    headers.clear();
    assertThat(address(with("X-Forwarded-For", "[2001:db8::1]:4711").xForwarded()))
        .isEqualTo("2001:db8:0:0:0:0:0:1 4711");
    headers.clear();
    assertThat(address(with("X-Forwarded-For", "198.51.100.1:99999").xForwarded()))
        .isEqualTo("none");
    headers.clear();
    assertThat(address(with("X-Forwarded-For", "example.com").xForwarded())).isEqualTo("none");
  }

  @Test
  void schemeHostAndPort() {
    with("X-Forwarded-For", "198.51.100.1").with("X-Forwarded-Proto", "HTTPS");
    with("X-Forwarded-Host", "example.com:1").with("X-Forwarded-Port", "8443");
    ForwardedClient client = xForwarded();
    assertThat(client.scheme()).isEqualTo("https");
    assertThat(client.host()).isEqualTo("example.com:8443");
    headers.put(new HttpString("X-Forwarded-Port"), "443");
    assertThat(xForwarded().host()).isEqualTo("example.com");
    headers.put(new HttpString("X-Forwarded-Host"), "evil/../ host");
    assertThat(xForwarded().host()).isNull();
    headers.put(new HttpString("X-Forwarded-Proto"), "gopher");
    assertThat(xForwarded().scheme()).isNull();
  }

  @Test
  void aSchemeForEachAddressIsThatOfTheClient() {
    with("X-Forwarded-For", "192.0.2.66, 198.51.100.1, 10.0.0.2");
    with("X-Forwarded-Proto", "gopher, https, http");
    assertThat(xForwarded().scheme()).isEqualTo("https");
  }

  @Test
  void forwardedNamesAllInOneElement() {
    with("Forwarded", "for=192.0.2.66;proto=http");
    with("Forwarded", "For=\"[2001:db8::1]:80\";Proto=https;host=\"a.example:81\", for=10.0.0.1");
    ForwardedClient client = forwarded();
    assertThat(address(client)).isEqualTo("2001:db8:0:0:0:0:0:1 80");
    assertThat(client.scheme()).isEqualTo("https");
    assertThat(client.host()).isEqualTo("a.example:81");
  }

  @Test
  void commasInQuotesDoNotEndAnElement() {
    with("Forwarded", "for=198.51.100.1;ext=\"a, for=192.0.2.66\", for=10.0.0.1");
    assertThat(address(forwarded())).isEqualTo("198.51.100.1 0");
    headers.clear();
    assertThat(address(with("Forwarded", "for=198.51.100.1, for=_hidden").forwarded()))
        .isEqualTo("none");
  }
}
