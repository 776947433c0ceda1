package dev.tidepool.conf;

import static dev.tidepool.conf.SettingRow.bad;
import static dev.tidepool.conf.SettingRow.choice;
import static dev.tidepool.conf.SettingRow.count;
import static dev.tidepool.conf.SettingRow.row;

import dev.tidepool.conf.ListenAddress.Tcp;
import dev.tidepool.conf.ListenAddress.Unix;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Settings of where the server listens, and whom it believes. */
final class ListenRows {
  private static final String LONG_PATH = "/" + "p".repeat(120);

  private static final String CERTIFICATES = "certificates={certificate=/c,key=/k}";

  /** A listener, up to its further settings. */
  private static final String HTTPS = "{address=\"h:1\"," + CERTIFICATES + ",";

  private ListenRows() {}

  static List<SettingRow> all() {
    return List.of(
        row(
            "run-dir",
            "var/run",
            Path.of("/opt/tidepool/var/run"),
            Settings::runDir,
            bad("", "expected a path"),
            bad("[]", "expected a path"),
            bad(LONG_PATH, "run-dir/workers.sock has 134 bytes")),
        row(
            "listen.http",
            "[\"[::1]:80\", \"unix:/a/b.sock\", {address=\"localhost:0\",h2c=true,"
                + "proxy-protocol=true,trusted=[\"unix:\"]}]",
            List.of(
                ListenerSettings.plain(new Tcp("::1", 80)),
                ListenerSettings.plain(new Unix(Path.of("/a/b.sock"))),
                new ListenerSettings(
                    new Tcp("localhost", 0),
                    false,
                    true,
                    true,
                    new TrustedPeers(List.of(), true),
                    List.of(),
                    ClientCertificates.OFF,
                    Optional.empty())),
            s -> s.listen().listeners(),
            bad("8080", "expected \"host:port\""),
            bad("::1:8080", "expected \"host:port\""),
            bad("a:b:80", "expected \"host:port\""),
            bad("[abc]:80", "expected \"host:port\""),
            bad("127.0.0.1:65536", "expected a port, 0 to 65535"),
            bad("127.0.0.256:80", "expected four numbers"),
            bad("127.0.1:80", "expected four numbers"),
            bad("unix:run/http", "expected an absolute path"),
            bad("unix:" + LONG_PATH, "at most 107 bytes, it has 121"),
            bad("[]", "not empty"),
            bad("[[]]", "expected an address or a section"),
            bad("[\"h:1\", \"h:1\"]", "lists h:1 twice"),
            bad("{address=\"h:1\",h2c=maybe}", "expected true or false"),
            bad("{address=\"h:1\",proxy-protocol=true}", "expected trusted beside it"),
            bad("{address=\"h:1\",trusted=[\"localhost\"]}", "such as \"10.0.0.0/8\""),
            bad("{address=\"h:1\"," + CERTIFICATES + "}", "below listen.https only"),
            bad(
                "{address=\"h:1\",client-certificates=wanted,authorities=/a}",
                "below listen.https only")),
        row(
            "listen.https",
            HTTPS + "client-certificates=required,authorities=/ca}",
            List.of(
                new ListenerSettings(
                    new Tcp("h", 1),
                    true,
                    false,
                    false,
                    TrustedPeers.NONE,
                    List.of(new CertificateFiles(Path.of("/c"), Path.of("/k"))),
                    ClientCertificates.REQUIRED,
                    Optional.of(Path.of("/ca")))),
            s -> s.listen().listeners().stream().filter(ListenerSettings::tls).toList(),
            bad("h:1", "expected tls.certificates"),
            bad("8443", "expected \"host:port\""),
            bad(HTTPS + "h2c=true}", "HTTP/2 over TLS needs no setting"),
            bad(HTTPS + "client-certificates=perhaps}", "expected one of off, wanted, required"),
            bad(HTTPS + "client-certificates=required}", "expected a PEM file"),
            bad(HTTPS + "authorities=/ca}", "none without"),
            bad(HTTPS + "client-certificates=wanted,authorities=ca}", "expected an absolute path")),
        row(
            "listen.admin",
            "off",
            Optional.empty(),
            s -> s.listen().admin(),
            bad("on", "or \"off\""),
            bad("127.0.0.1:8080", "an address that no other key has")),
        row(
            "listen.agent",
            "127.0.0.1:8082",
            Optional.of(new ListenAddress.Tcp("127.0.0.1", 8082)),
            s -> s.listen().agent(),
            bad("on", "or \"off\""),
            bad("127.0.0.1:8081", "an address that no other key has")),
        count("listen.backlog", 100, 1, 65_535, s -> s.listen().backlog()),
        row(
            "listen.unix-mode",
            "0600",
            384,
            s -> s.listen().unixMode(),
            bad("0444", "expected octal access rights, 0600 to 0777"),
            bad("666", "expected octal"),
            bad("0788", "expected octal")),
        row(
            "tls.certificates",
            "[{certificate=/c,key=/k},{certificate=/d,key=/l}]",
            List.of(
                new CertificateFiles(Path.of("/c"), Path.of("/k")),
                new CertificateFiles(Path.of("/d"), Path.of("/l"))),
            s -> s.tls().certificates(),
            bad("/c", "expected a section { certificate"),
            bad("[3]", "expected a section { certificate")),
        count("http2.concurrent-streams", 7, 1, 10_000, s -> s.http2().concurrentStreams()),
        count("http2.resets", 99, 10, 1_000_000, s -> s.http2().resets()),
        count("http2.control-frames", 99, 10, 1_000_000, s -> s.http2().controlFrames()),
        row(
            "proxies.trusted",
            "[\"10.0.0.0/8\", \"unix:\"]",
            new TrustedPeers(
                List.of(
                    new TrustedPeers.Network(TrustedPeers.address("10.0.0.0").orElseThrow(), 8)),
                true),
            s -> s.proxies().trusted(),
            bad("[\"10.0.0.0/33\"]", "not \"10.0.0.0/33\""),
            bad("[\"localhost\"]", "such as \"10.0.0.0/8\""),
            bad("[\"::1/x\"]", "not \"::1/x\""),
            bad("10.0.0.1", "expected a list of texts")),
        choice(
            "proxies.header",
            "forwarded",
            ProxySettings.Header.FORWARDED,
            "x-forwarded, forwarded",
            s -> s.proxies().header()));
  }
}
