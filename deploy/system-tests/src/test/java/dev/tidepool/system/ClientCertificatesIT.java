package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that show certificates, and what a WAR knows of them. */
@Timeout(180)
final class ClientCertificatesIT {
  private static final int REQUIRED = 0;
  private static final int WANTED = 1;
  private static final int OFF = 2;
  private static final TestCertificates certificates =
      new TestCertificates()
          .rsa("localhost")
          .rsa("ours.test")
          .rsa("others.test")
          .client("ann", "ours.test")
          .client("bob", "ours.test")
          .client("eve", "others.test");

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
              "workers { count = 1, heap = 128 MiB }",
              "listen.https = [%s, %s, \"127.0.0.1:0\"]"
                  .formatted(listener("required"), listener("wanted")),
              certificates.setting("localhost"),
              "servlet.users { \"CN=ann,O=Example\" { roles = [member] } }")
          .notStarted();

  private static String listener(String asked) {
    return "{ address = \"127.0.0.1:0\", client-certificates = %s, authorities = \"%s\" }"
        .formatted(asked, certificates.certificate("ours.test"));
  }

  @BeforeAll
  static void start() {
    server.replaceApp(Wars.ofClientCertificates());
    server.start();
  }

  @AfterAll
  static void delete() throws IOException {
    certificates.delete();
  }

  /** The body and the status, "000" if the connection failed. */
  private static String ask(int listener, String path, String options) {
    int port = Status.tcp(server.status().https().get(listener)).getPort();
    return Cli.run(
        "sh",
        "-c",
        "curl -s --max-time 20 --cacert %s %s https://localhost:%d%s -w ' %%{http_code}' || true"
            .formatted(certificates.certificate("localhost"), options, port, path));
  }

  private static String as(String client) {
    return "--cert %s --key %s"
        .formatted(certificates.certificate(client), certificates.key(client));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http2", "--http1.1", "--tls-max 1.2"})
  void theAppSeesTheCertificate(String protocol) {
    String ann = protocol + " " + as("ann");
    String who = "CN=ann,O=Example logged in as ";
    assertThat(ask(REQUIRED, "/who", ann)).isEqualTo(who + "CN=ann,O=Example 200");
    assertThat(ask(REQUIRED, "/members/who", ann)).isEqualTo(who + "CN=ann,O=Example 200");
    assertThat(ask(WANTED, "/members/who", ann)).isEqualTo(who + "CN=ann,O=Example 200");
    assertThat(ask(OFF, "/who", ann)).isEqualTo("nobody logged in as null 200");
  }

  @Test
  void whoIsNotTrustedIsNotServed() {
    assertThat(ask(REQUIRED, "/who", "")).isEqualTo(" 000");
    assertThat(ask(REQUIRED, "/who", as("eve"))).isEqualTo(" 000");
    assertThat(ask(WANTED, "/who", as("eve"))).isEqualTo(" 000");
    assertThat(ask(WANTED, "/who", "")).isEqualTo("nobody logged in as null 200");
  }

  @Test
  void whoIsNoMemberIsNotLoggedIn() {
    assertThat(ask(REQUIRED, "/members/who", as("bob"))).endsWith(" 403");
    assertThat(ask(WANTED, "/members/who", "")).endsWith(" 403");
    assertThat(ask(OFF, "/members/who", as("ann"))).endsWith(" 403");
  }

  @Test
  void aReloadReadsTheAuthoritiesAnew() throws IOException {
    var file = certificates.certificate("ours.test");
    byte[] ours = Files.readAllBytes(file);
    try {
      Files.copy(
          certificates.certificate("others.test"), file, StandardCopyOption.REPLACE_EXISTING);
      assertThat(ask(REQUIRED, "/who", as("ann"))).endsWith(" 200");
      assertThat(server.reload().exitCode()).isZero();
      assertThat(ask(REQUIRED, "/who", as("ann"))).isEqualTo(" 000");
      assertThat(ask(REQUIRED, "/who", as("eve"))).endsWith(" 200");

      Files.writeString(file, "none");
      Cli.Result refused = server.reload();
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.output()).contains(file + ": broken certificate, expected PEM");
    } finally {
      Files.write(file, ours);
      assertThat(server.reload().exitCode()).isZero();
    }
  }
}
