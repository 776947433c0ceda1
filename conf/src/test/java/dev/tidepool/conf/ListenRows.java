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
            "[\"[::1]:80\", \"unix:/a/b.sock\", \"localhost:0\"]",
            List.of(new Tcp("::1", 80), new Unix(Path.of("/a/b.sock")), new Tcp("localhost", 0)),
            s -> s.listen().listeners().stream().map(ListenerSettings::address).toList(),
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
            bad("[\"h:1\", \"h:1\"]", "lists h:1 twice")),
        row(
            "listen.https",
            "{address=\"h:1\",certificates={certificate=/c,key=/k}}",
            List.of(new CertificateFiles(Path.of("/c"), Path.of("/k"))),
            s -> s.listen().certificates(),
            bad("h:1", "expected tls.certificates"),
            bad("8443", "expected \"host:port\"")),
        row(
            "listen.admin",
            "off",
            Optional.empty(),
            s -> s.listen().admin(),
            bad("on", "or \"off\""),
            bad("127.0.0.1:8080", "an address that listen.http and listen.https do not have")),
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
