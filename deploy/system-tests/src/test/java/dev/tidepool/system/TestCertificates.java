package dev.tidepool.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates made by openssl, in a directory of their own. */
final class TestCertificates {
  private final Path directory;

  TestCertificates() {
    try {
      directory = Files.createTempDirectory(Path.of("/tmp"), "tidepool-certificates");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A self-signed certificate for this name, and its key, in PKCS#8. */
  TestCertificates rsa(String name) {
    return selfSigned(name, "-newkey", "rsa:2048", "-nodes", "-keyout", key(name).toString());
  }

  /** The same, with the key in PKCS#1. */
  TestCertificates pkcs1(String name) {
    rsa(name);
    Cli.run("openssl", "rsa", "-traditional", "-in", "" + key(name), "-out", "" + key(name));
    return this;
  }

  /** The same, with an elliptic curve, and the key in SEC1 with its parameters before it. */
  TestCertificates sec1(String name) {
    Cli.run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-out", "" + key(name));
    return selfSigned(name, "-key", "" + key(name));
  }

  /** A certificate for a client, with its key, signed by the one named {@code authority}. */
  TestCertificates client(String name, String authority) {
    String request = directory.resolve(name + ".csr").toString();
    Cli.run(
        "openssl req -newkey rsa:2048 -nodes -subj /O=Example/CN=%s -keyout %s -out %s"
            .formatted(name, key(name), request)
            .split(" ", -1));
    Cli.run(
        "openssl x509 -req -days 2 -in %s -CA %s -CAkey %s -CAcreateserial -out %s"
            .formatted(request, certificate(authority), key(authority), certificate(name))
            .split(" ", -1));
    return this;
  }

  private TestCertificates selfSigned(String name, String... key) {
    List<String> command =
        new ArrayList<>(List.of("openssl", "req", "-x509", "-days", "2", "-subj", "/CN=" + name));
    command.addAll(List.of("-addext", "subjectAltName=DNS:" + name + ",DNS:*." + name));
    command.addAll(List.of("-out", certificate(name).toString()));
    command.addAll(List.of(key));
    Cli.run(command.toArray(String[]::new));
    return this;
  }

  Path certificate(String name) {
    return directory.resolve(name + ".crt");
  }

  Path key(String name) {
    return directory.resolve(name + ".key");
  }

  /** A line of configuration with these certificates. */
  String setting(String... names) {
    List<String> entries = new ArrayList<>();
    for (String name : names) {
      entries.add("{ certificate = \"%s\", key = \"%s\" }".formatted(certificate(name), key(name)));
    }
    return "tls.certificates = [" + String.join(", ", entries) + "]";
  }

  /** For a client that trusts this certificate. */
  static SSLContext trusting(Path certificate) {
    try (InputStream in = Files.newInputStream(certificate)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null);
      store.setCertificateEntry(
          "it", CertificateFactory.getInstance("X.509").generateCertificate(in));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return tls;
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  void delete() throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
