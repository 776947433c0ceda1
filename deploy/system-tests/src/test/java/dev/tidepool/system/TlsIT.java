package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HTTPS with certificates in PEM files. */
final class TlsIT {
  private static final TestCertificates certificates =
      new TestCertificates().rsa("one.test").pkcs1("two.test").sec1("three.test");

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
          "listen.https = [\"127.0.0.1:0\"]",
          certificates.setting("one.test", "two.test", "three.test"));

  private InetSocketAddress https = new InetSocketAddress(0);

  @BeforeEach
  void findOut() {
    https = Status.tcp(server.awaitServing(2).https().get(0));
  }

  @AfterAll
  static void delete() throws IOException {
    certificates.delete();
  }

  private String handshake(String name, String... options) {
    return Cli.run(
        "sh",
        "-c",
        "openssl s_client -connect 127.0.0.1:%d -servername %s %s </dev/null 2>&1"
            .formatted(https.getPort(), name, String.join(" ", options)));
  }

  private String curl(String name, String... options) {
    return Cli.run(
        "sh",
        "-c",
        ("curl -sS --max-time 20 --resolve %1$s:%2$d:127.0.0.1 --cacert %3$s %4$s "
                + "https://%1$s:%2$d/client -w '%%{http_version}'")
            .formatted(
                name, https.getPort(), certificates.certificate(name), String.join(" ", options)));
  }

  @Test
  void theNameThatIsAskedForChoosesTheCertificate() {
    for (String name : List.of("one.test", "two.test", "three.test")) {
      assertThat(curl(name)).contains("scheme=https host=" + name);
    }
    assertThat(handshake("www.two.test")).contains("subject=CN = two.test");
    assertThat(handshake("other.test")).contains("subject=CN = one.test");
  }

  @Test
  void versionsAndProtocols() {
    assertThat(curl("one.test", "--http1.1")).contains("protocol=HTTP/1.1").endsWith("1.1");
    assertThat(curl("one.test", "--http2")).contains("protocol=HTTP/2.0").endsWith("2");
    assertThat(handshake("one.test", "-tls1_2", "-alpn", "h2"))
        .containsPattern("Protocol *: TLSv1.2")
        .contains("ALPN protocol: h2");
    assertThat(handshake("one.test", "-tls1_3", "-alpn", "http/1.1"))
        .contains("TLSv1.3", "ALPN protocol: http/1.1");
    assertThat(handshake("one.test", "-alpn", "spdy/1")).contains("No ALPN negotiated");
  }

  @Test
  void aReloadBringsARenewedCertificateAndKeepsOwnCopies() throws IOException {
    certificates.rsa("one.test");
    String before = handshake("one.test");
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).as(reload.output()).isZero();
    findOut();
    assertThat(curl("one.test")).contains("scheme=https"); // trusts the new one only
    assertThat(before).doesNotContain(serverCertificate(handshake("one.test")));

    Path copy =
        server.runDir().resolve("generations/" + server.status().generation() + "/certificates");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy.resolve("0.key"))))
        .isEqualTo("rw-------");
  }

  private static String serverCertificate(String handshake) {
    int begin = handshake.indexOf("-----BEGIN CERTIFICATE-----");
    return handshake.substring(begin, handshake.indexOf("-----END CERTIFICATE-----"));
  }

  @Test
  void aBrokenCertificateRefusesTheReload() throws IOException {
    Path key = certificates.key("two.test");
    Path kept = Files.copy(key, key.resolveSibling("kept.key"));
    try {
      refused(key + ": not the key of the certificate in", certificates.key("one.test"));
      refused(key + ": no RSA key as its certificate needs", certificates.key("three.test"));
      refused(key + ": no private key, expected PEM", certificates.certificate("one.test"));
      Path encrypted = kept.resolveSibling("encrypted.key");
      Cli.run(
          "openssl",
          "rsa",
          "-aes128",
          "-passout",
          "pass:secret",
          "-in",
          "" + kept,
          "-out",
          "" + encrypted);
      refused(key + ": the key is encrypted", encrypted);
      Files.delete(encrypted);
      Files.delete(key);
      refusedNow(key + ": no such file");
    } finally {
      Files.move(kept, key, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void refused(String reason, Path keyInstead) throws IOException {
    Files.copy(keyInstead, certificates.key("two.test"), StandardCopyOption.REPLACE_EXISTING);
    refusedNow(reason);
  }

  private void refusedNow(String reason) {
    Cli.Result check = server.cli("check", "--config", server.config().toString());
    assertThat(check.exitCode()).isEqualTo(78);
    assertThat(check.output()).contains(reason);
    Cli.Result reload = server.reload();
    assertThat(reload.exitCode()).isEqualTo(1);
    assertThat(reload.output()).contains(reason);
    assertThat(curl("one.test")).contains("scheme=https");
  }
}
