package dev.tidepool.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.tidepool.conf.ListenAddress.Tcp;
import dev.tidepool.conf.ListenAddress.Unix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each setting once: a good value and what it becomes, bad values and what is said of them. */
class SettingsTableTest {
  private static final Path HOME = Path.of("/opt/tidepool");
  private static final String LONG_PATH = "/" + "p".repeat(120);

  record Bad(String value, String message) {}

  record Row(
      String key, String good, Object typed, Function<Settings, Object> read, List<Bad> bad) {
    @Override
    public String toString() {
      return key;
    }
  }

  private static Row row(
      String key, String good, Object typed, Function<Settings, Object> read, Bad... bad) {
    return new Row(key, good, typed, read, List.of(bad));
  }

  private static Bad bad(String value, String message) {
    return new Bad(value, message);
  }

  private static Row count(
      String key, int good, int min, int max, Function<Settings, Object> read) {
    String range = min + " to " + max;
    return row(
        key,
        "" + good,
        good,
        read,
        bad("" + (min - 1), range),
        bad("" + (max + 1L), range),
        bad("3.5", "expected a whole number"),
        bad("many", "expected a whole number"),
        bad("[1]", "expected a whole number"),
        bad("null", "= null: expected a whole number"));
  }

  private static Row time(
      String key, String good, Duration typed, String range, Function<Settings, Object> read) {
    return row(
        key,
        good,
        typed,
        read,
        bad("-1 ms", range),
        bad("1000 d", range),
        bad("17", "expected a duration with its unit"),
        bad("soon", "expected a duration with its unit"),
        bad("{a=1}", "expected a duration with its unit"));
  }

  private static Row size(
      String key, String good, Object typed, String range, Function<Settings, Object> read) {
    return row(
        key,
        good,
        typed,
        read,
        bad("-1", range),
        bad("1 PiB", range),
        bad("big", "expected a size"));
  }

  private static Row number(
      String key, double good, String range, Function<Settings, Object> read) {
    return row(
        key,
        "" + good,
        good,
        read,
        bad("-0.1", range),
        bad("1001", range),
        bad("NaN", range),
        bad("much", "expected a number"));
  }

  private static Row flag(String key, boolean good, Function<Settings, Object> read) {
    return row(key, "" + good, good, read, bad("maybe", "expected true or false"));
  }

  private static Row part(String key, Function<Settings, Object> read) {
    return row(key, "0.25", 0.25, read, bad("0", "0.01 to 1.0"), bad("1.1", "0.01 to 1.0"));
  }

  private static Row action(String key, Function<Settings, Object> read) {
    return choice(key, "off", CheckAction.OFF, "off, log, replace", read);
  }

  private static Row choice(
      String key, String good, Object typed, String all, Function<Settings, Object> read) {
    return row(
        key,
        good,
        typed,
        read,
        bad("neither", "expected one of " + all),
        bad(good.toUpperCase(Locale.ROOT), "expected one of " + all),
        bad("[]", "expected one of " + all));
  }

  static List<Row> rows() {
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
            s -> s.proxies().header()),
        count("workers.count", 7, 1, 128, s -> s.workers().count()),
        row(
            "workers.min",
            "1",
            1,
            s -> s.workers().min(),
            bad("-1", "0 to 128"),
            bad("129", "0 to 128"),
            bad("3", "expected at most workers.count = 2")),
        row(
            "workers.max",
            "9",
            9,
            s -> s.workers().max(),
            bad("-1", "0 to 128"),
            bad("129", "0 to 128"),
            bad("1", "expected at least workers.count = 2")),
        count("workers.spares", 3, 0, 16, s -> s.workers().spares()),
        count("workers.io-threads", 5, 1, 64, s -> s.workers().ioThreads()),
        count("workers.task-threads", 77, 1, 1000, s -> s.workers().taskThreads()),
        count("workers.waiting-threads", 10, 0, 10_000, s -> s.workers().waitingThreads()),
        count("workers.task-queue", 10, 0, 1_000_000, s -> s.workers().taskQueue()),
        flag("workers.virtual-threads", true, s -> s.workers().virtualThreads()),
        row(
            "workers.java-home",
            "/opt/jdk",
            Optional.of(Path.of("/opt/jdk")),
            s -> s.workers().javaHome(),
            bad("jdk", "expected an absolute path, or empty"),
            bad("[]", "expected a path")),
        size(
            "workers.heap",
            "512 MiB",
            512L << 20,
            "16 MiB to 64 GiB",
            s -> s.workers().heapBytes()),
        row(
            "workers.young-generation",
            "9 MiB",
            9L << 20,
            s -> s.workers().youngGenerationBytes(),
            bad("1 KiB", "1 MiB to 16 GiB"),
            bad("17 GiB", "1 MiB to 16 GiB"),
            bad("256 MiB", "expected less than workers.heap = 256 MiB")),
        flag("workers.share-archive-pages", false, s -> s.workers().shareArchivePages()),
        row(
            "workers.jvm-options",
            "[\"-Xint\"]",
            List.of("-Xint"),
            s -> s.workers().jvmOptions(),
            bad("-Xint", "expected a list"),
            bad("[Xint]", "expected each option to begin with \"-\""),
            bad("[[]]", "expected a list of texts")),
        row(
            "workers.environment",
            "{A=b, N=1}",
            Map.of("A", "b", "N", "1"),
            s -> s.workers().environment(),
            bad("x", "expected a section"),
            bad("{A{b=1}}", "not A"),
            bad("{\"A=B\"=1}", "not A=B"),
            bad("{A=null}", "not A")),
        row(
            "workers.user",
            "www-data",
            Optional.of("www-data"),
            s -> s.workers().isolation().user(),
            bad("\"--help\"", "expected the name of a user, a number, or empty"),
            bad("[]", "expected a text")),
        row(
            "workers.group",
            "1000",
            Optional.of("1000"),
            s -> s.workers().isolation().group(),
            bad("\"a b\"", "expected the name of a group, a number, or empty")),
        count("workers.nice", 5, -20, 19, s -> s.workers().isolation().nice()),
        row(
            "workers.cpu-affinity",
            "\"0-3:2,6\"",
            Optional.of("0-3:2,6"),
            s -> s.workers().isolation().sharedCores(),
            bad("all", "expected \"auto\", a list of cores"),
            bad("\"1,\"", "expected \"auto\", a list of cores")),
        count(
            "workers.open-files", 4096, 0, 1_000_000_000, s -> s.workers().isolation().openFiles()),
        row(
            "workers.core-size",
            "0 B",
            Optional.of(0L),
            s -> s.workers().isolation().coreBytes(),
            bad("unlimited", "expected a size, 0 B to 1 TiB, or empty"),
            bad("2 TiB", "expected a size, 0 B to 1 TiB, or empty")),
        row(
            "workers.memory-limit",
            "1 GiB",
            Optional.of(1L << 30),
            s -> s.workers().isolation().memoryBytes(),
            bad("1 MiB", "expected a size, 64 MiB to 1 TiB, or empty"),
            bad("256 MiB", "expected more than workers.heap = 256 MiB")),
        time(
            "workers.start-timeout",
            "30 s",
            Duration.ofSeconds(30),
            "1 s to 1 h",
            s -> s.workers().startTimeout()),
        time(
            "workers.stop-timeout",
            "1 s",
            Duration.ofSeconds(1),
            "100 ms to 10 m",
            s -> s.workers().stopTimeout()),
        row(
            "workers.restart-delay",
            "20 ms",
            Duration.ofMillis(20),
            s -> s.workers().restartDelay(),
            bad("1 ms", "10 ms to 1 m"),
            bad("61 s", "10 ms to 1 m"),
            bad("50 s", "expected at most workers.restart-delay-max = 30 s")),
        time(
            "workers.restart-delay-max",
            "40 s",
            Duration.ofSeconds(40),
            "10 ms to 1 h",
            s -> s.workers().restartDelayMax()),
        time(
            "workers.restart-reset",
            "1.5 s",
            Duration.ofMillis(1500),
            "1 s to 1 h",
            s -> s.workers().restartReset()),
        count("workers.start-attempts", 9, 1, 100, s -> s.workers().startAttempts()),
        flag("class-archive.enabled", false, s -> s.classArchive().enabled()),
        row(
            "class-archive.dir",
            "var/archives",
            Optional.of(Path.of("/opt/tidepool/var/archives")),
            s -> s.classArchive().dir(),
            bad("[]", "expected a path")),
        row(
            "app.path",
            "/srv/app.jar",
            Path.of("/srv/app.jar"),
            s -> s.apps().get(0).path(),
            bad("", "expected a path"),
            bad("{}", "expected a path")),
        row(
            "app.context",
            "/a/b-c",
            "/a/b-c",
            s -> s.apps().get(0).context(),
            bad("shop", "expected \"/\", or a path"),
            bad("/shop/", "expected \"/\", or a path"),
            bad("", "expected \"/\", or a path"),
            bad("/" + "p".repeat(120), "at most 120 characters")),
        row(
            "app.host",
            "[Example.org, \"*.example.org\"]",
            List.of("example.org", "*.example.org"),
            s -> s.apps().get(0).hosts(),
            bad("\"example.org:80\"", "without a port"),
            bad("\"a.*.org\"", "expected names"),
            bad("{a=b}", "expected names")),
        row(
            "app.class",
            "demo.Second",
            Optional.of("demo.Second"),
            s -> s.apps().get(0).type(),
            bad("[]", "expected a text")),
        row(
            "app.settings",
            "{any.thing=[1,{b=null}], x=true}",
            ConfigFactory.parseString("any.thing=[1,{b=null}], x=true"),
            s -> s.apps().get(0).settings(),
            bad("1", "expected a section")),
        row(
            "apps",
            "[{path=a.jar, context=/a}, {path=/b.war, host=b.org, class=B, settings.x=1}]",
            List.of(
                new AppSettings(
                    "apps.0",
                    Path.of("/opt/tidepool/a.jar"),
                    "/a",
                    List.of(),
                    Optional.empty(),
                    ConfigFactory.empty()),
                new AppSettings(
                    "apps.1",
                    Path.of("/b.war"),
                    "/",
                    List.of("b.org"),
                    Optional.of("B"),
                    ConfigFactory.parseString("x=1"))),
            Settings::apps,
            bad("a.jar", "expected a list of sections"),
            bad("[{context=/a}]", "apps.0.path = \"\": expected a path"),
            bad("[{path=/a, contxt=/a}]", "apps.0.contxt = \"/a\": unknown key"),
            bad(
                "[{path=/a}, {path=/b}]",
                "apps.1.context = \"/\": expected another one than apps.0"),
            bad(
                "[{path=/a, host=a.org}, {path=/b, host=[b.org, A.org]}]",
                "another one than apps.0 has at host a.org"),
            bad("[{path=/a, settings=1}]", "apps.0.settings = 1: expected a section")),
        row(
            "servlet.users",
            "{ann { password=secret, roles=[admin] }}",
            Map.of("ann", new ServletSettings.User("secret", List.of("admin"))),
            s -> s.servlet().users(),
            bad("1", "expected a section"),
            bad("{ann=secret}", "for each user, not ann"),
            bad("{ann { password=secret, role=x }}", "for each user, not ann"),
            bad("{ann { password=secret, roles=x }}", "for each user, not ann")),
        row(
            "reload.surge",
            "2",
            2,
            s -> s.reload().surge(),
            bad("-1", "0 to 128"),
            bad("129", "0 to 128"),
            bad("3", "expected at most workers.count = 2")),
        time("reload.watch", "7 s", Duration.ofSeconds(7), "0 s to 1 h", s -> s.reload().watch()),
        time(
            "reload.probation",
            "1 h",
            Duration.ofHours(1),
            "0 s to 365 d",
            s -> s.reload().probation()),
        count("reload.fallback-deaths", 7, 0, 1000, s -> s.reload().fallbackDeaths()),
        time(
            "reload.fallback-window",
            "30 s",
            Duration.ofSeconds(30),
            "1 s to 1 h",
            s -> s.reload().fallbackWindow()),
        count("reload.keep-generations", 4, 1, 100, s -> s.reload().keepGenerations()),
        number("reload.canary.share", 0.25, "0.0 to 0.5", s -> s.reload().canary().share()),
        row(
            "reload.canary.time",
            "2 m",
            Duration.ofMinutes(2),
            s -> s.reload().canary().time(),
            bad("0 s", "1 s to 24 h"),
            bad("25 h", "1 s to 24 h"),
            bad("30", "expected a duration with its unit")),
        count("reload.canary.requests", 50, 1, 1_000_000_000, s -> s.reload().canary().requests()),
        row(
            "reload.canary.limit",
            "1 h",
            Duration.ofHours(1),
            s -> s.reload().canary().limit(),
            bad("0 s", "1 s to 24 h"),
            bad("25 h", "1 s to 24 h"),
            bad("20 s", "expected at least reload.canary.time = 30 s")),
        number("reload.canary.errors", 0.05, "0.0 to 1.0", s -> s.reload().canary().errors()),
        number("reload.canary.latency", 1.5, "1.0 to 1000.0", s -> s.reload().canary().latency()),
        time(
            "reload.canary.latency-slack",
            "0 ms",
            Duration.ZERO,
            "0 ms to 1 h",
            s -> s.reload().canary().latencySlack()),
        number("reload.canary.memory", 1.25, "1.0 to 1000.0", s -> s.reload().canary().memory()),
        row(
            "warm-up.paths",
            "[\"/a?b=c\", \"/\"]",
            List.of("/a?b=c", "/"),
            s -> s.warmUp().paths(),
            bad("/", "expected a list"),
            bad("[hello]", "expected each path to begin with \"/\""),
            bad("[\"/a b\"]", "without spaces"),
            bad("[\"/a\\r\\nX: y\"]", "without spaces")),
        count("warm-up.round", 11, 1, 100_000, s -> s.warmUp().round()),
        row(
            "warm-up.settled",
            "0.25",
            0.25,
            s -> s.warmUp().settled(),
            bad("-0.1", "0.0 to 0.9"),
            bad("1", "0.0 to 0.9"),
            bad("NaN", "0.0 to 0.9"),
            bad("x", "expected a number")),
        row(
            "warm-up.limit",
            "0 s",
            Duration.ZERO,
            s -> s.warmUp().limit(),
            bad("-1 s", "0 s to 10 m"),
            bad("11 m", "0 s to 10 m"),
            bad("60 s", "expected less than workers.start-timeout = 60 s")),
        flag("balance.enabled", false, s -> s.balance().enabled()),
        count("balance.slack", 2, 0, 10_000, s -> s.balance().slack()),
        row(
            "balance.stale-after",
            "1 s",
            Duration.ofSeconds(1),
            s -> s.balance().staleAfter(),
            bad("19 ms", "20 ms to 1 m"),
            bad("2 m", "20 ms to 1 m"),
            bad("199 ms", "expected at least twice health.heartbeat-interval = 100 ms")),
        time(
            "balance.shed-time",
            "6 s",
            Duration.ofSeconds(6),
            "100 ms to 10 m",
            s -> s.balance().shedTime()),
        time(
            "health.heartbeat-interval",
            "50 ms",
            Duration.ofMillis(50),
            "10 ms to 1 m",
            s -> s.health().heartbeatInterval()),
        row(
            "health.heartbeat-timeout",
            "3 s",
            Duration.ofSeconds(3),
            s -> s.health().heartbeatTimeout(),
            bad("99 ms", "100 ms to 10 m"),
            bad("11 m", "100 ms to 10 m"),
            bad("150 ms", "expected at least twice health.heartbeat-interval = 100 ms")),
        row(
            "health.stopped-timeout",
            "5 m",
            Duration.ofMinutes(5),
            s -> s.health().stoppedTimeout(),
            bad("999 ms", "1 s to 24 h"),
            bad("25 h", "1 s to 24 h"),
            bad("1 s", "expected at least health.heartbeat-timeout = 2 s")),
        time(
            "health.checks.interval",
            "3 s",
            Duration.ofSeconds(3),
            "100 ms to 10 m",
            s -> s.health().checks().interval()),
        count("health.checks.failures", 7, 1, 1000, s -> s.health().checks().failures()),
        action("health.checks.deadlock.action", s -> s.health().checks().deadlock()),
        row(
            "health.checks.app.path",
            "/health",
            "/health",
            s -> s.health().checks().appPath(),
            bad("health", "expected a path that begins with"),
            bad("\"/a b\"", "expected a path that begins with")),
        time(
            "health.checks.app.timeout",
            "3 s",
            Duration.ofSeconds(3),
            "10 ms to 10 m",
            s -> s.health().checks().appTimeout()),
        action("health.checks.app.action", s -> s.health().checks().app()),
        time(
            "health.checks.loop-lag.limit",
            "3 s",
            Duration.ofSeconds(3),
            "10 ms to 10 m",
            s -> s.health().checks().loopLagLimit()),
        action("health.checks.loop-lag.action", s -> s.health().checks().loopLag()),
        part("health.checks.gc-time.limit", s -> s.health().checks().gcTime().limit()),
        action("health.checks.gc-time.action", s -> s.health().checks().gcTime().action()),
        part("health.checks.heap.limit", s -> s.health().checks().heap().limit()),
        action("health.checks.heap.action", s -> s.health().checks().heap().action()),
        part("health.checks.direct-memory.limit", s -> s.health().checks().directMemory().limit()),
        action(
            "health.checks.direct-memory.action", s -> s.health().checks().directMemory().action()),
        part("health.checks.descriptors.limit", s -> s.health().checks().descriptors().limit()),
        action("health.checks.descriptors.action", s -> s.health().checks().descriptors().action()),
        part(
            "health.checks.scheduling-delay.limit",
            s -> s.health().checks().schedulingDelay().limit()),
        action(
            "health.checks.scheduling-delay.action",
            s -> s.health().checks().schedulingDelay().action()),
        time(
            "request.soft-timeout",
            "3 s",
            Duration.ofSeconds(3),
            "0 s to 24 h",
            s -> s.request().limit().soft()),
        time(
            "request.hard-timeout",
            "3 s",
            Duration.ofSeconds(3),
            "0 s to 24 h",
            s -> s.request().limit().hard()),
        time(
            "request.interrupt-grace",
            "3 s",
            Duration.ofSeconds(3),
            "10 ms to 1 h",
            s -> s.request().interruptGrace()),
        row(
            "request.paths",
            "{\"/export\" {hard-timeout = 3 m}}",
            Map.of("/export", new RequestLimit(Duration.ofSeconds(10), Duration.ofMinutes(3))),
            s -> s.request().paths(),
            bad("{export {}}", "expected each name to be a path"),
            bad("{\"/a\" = 1}", "expected a section"),
            bad("{\"/a\" {hard-timeout = 3}}", "expected a duration with its unit"),
            bad("{\"/a\" {hard = 3 s}}", "unknown key; known are hard-timeout, soft-timeout")),
        count("poison.deaths", 7, 2, 1000, s -> s.poison().deaths()),
        time(
            "poison.window", "3 m", Duration.ofMinutes(3), "1 s to 24 h", s -> s.poison().window()),
        time("poison.block", "3 m", Duration.ofMinutes(3), "0 s to 24 h", s -> s.poison().block()),
        row(
            "scaling.grow-above",
            "0.9",
            0.9,
            s -> s.scaling().growAbove(),
            bad("0.01", "0.05 to 1.0"),
            bad("1.1", "0.05 to 1.0"),
            bad("x", "expected a number")),
        time(
            "scaling.grow-after",
            "5 s",
            Duration.ofSeconds(5),
            "0 s to 1 h",
            s -> s.scaling().growAfter()),
        row(
            "scaling.shrink-below",
            "0.2",
            0.2,
            s -> s.scaling().shrinkBelow(),
            bad("-0.1", "0.0 to 0.95"),
            bad("0.96", "0.0 to 0.95"),
            bad("0.75", "expected less than scaling.grow-above = 0.75")),
        time(
            "scaling.shrink-after",
            "5 m",
            Duration.ofMinutes(5),
            "0 s to 24 h",
            s -> s.scaling().shrinkAfter()),
        size(
            "scaling.memory-max",
            "2 GiB",
            2L << 30,
            "0 B to 16 TiB",
            s -> s.scaling().memoryMaxBytes()),
        count("recycle.requests", 5, 0, 1_000_000_000, s -> s.recycle().requests()),
        time(
            "recycle.lifetime",
            "1 h",
            Duration.ofHours(1),
            "0 s to 365 d",
            s -> s.recycle().lifetime()),
        size(
            "recycle.memory",
            "400 MiB",
            400L << 20,
            "0 B to 1 TiB",
            s -> s.recycle().memoryBytes()),
        row(
            "recycle.jitter",
            "0.3",
            0.3,
            s -> s.recycle().jitter(),
            bad("-0.1", "0.0 to 0.5"),
            bad("0.6", "0.0 to 0.5"),
            bad("x", "expected a number")),
        time(
            "recycle.interval",
            "2 s",
            Duration.ofSeconds(2),
            "100 ms to 1 h",
            s -> s.recycle().interval()),
        count("incidents.keep", 7, 1, 1000, s -> s.incidents().keep()),
        size("incidents.size", "2 MiB", 2L << 20, "1 MiB to 1 TiB", s -> s.incidents().sizeBytes()),
        time(
            "incidents.answer-timeout",
            "3 s",
            Duration.ofSeconds(3),
            "100 ms to 1 m",
            s -> s.incidents().answerTimeout()),
        flag("incidents.heap-dump", true, s -> s.incidents().heapDump()),
        flag("incidents.flight-recorder", true, s -> s.incidents().flightRecorder()),
        time("drain.notice", "5 s", Duration.ofSeconds(5), "0 s to 10 m", s -> s.drain().notice()),
        time("drain.idle-window", "0 s", Duration.ZERO, "0 s to 10 m", s -> s.drain().idleWindow()),
        time("drain.spread", "3 s", Duration.ofSeconds(3), "0 s to 24 h", s -> s.drain().spread()),
        time(
            "drain.timeout", "2 m", Duration.ofMinutes(2), "0 s to 24 h", s -> s.drain().timeout()),
        choice(
            "http.paths",
            "refuse",
            HttpSettings.Paths.REFUSE,
            "canonical, refuse, as-sent",
            s -> s.http().paths()),
        flag("http.request-ids", false, s -> s.http().requestIds()),
        time(
            "limits.idle-timeout",
            "90 s",
            Duration.ofSeconds(90),
            "1 s to 24 h",
            s -> s.limits().idleTimeout()),
        size(
            "limits.header-size",
            "8 KiB",
            8192,
            "1 KiB to 1 MiB",
            s -> s.limits().headerSizeBytes()),
        count("limits.header-count", 50, 10, 1000, s -> s.limits().headerCount()),
        size(
            "limits.body-size",
            "16 GiB",
            16L << 30,
            "0 B to 16 GiB",
            s -> s.limits().bodySizeBytes()),
        size(
            "limits.body-buffer",
            "1 MiB",
            1L << 20,
            "0 B to 16 MiB",
            s -> s.limits().bodyBufferBytes()),
        size("limits.min-rate", "1 KiB", 1024L, "0 B to 1 MiB", s -> s.limits().minRateBytes()),
        time(
            "limits.min-rate-window",
            "30 s",
            Duration.ofSeconds(30),
            "1 s to 1 h",
            s -> s.limits().minRateWindow()),
        time(
            "sessions.timeout",
            "2 h",
            Duration.ofHours(2),
            "1 s to 365 d",
            s -> s.sessions().timeout()),
        row(
            "sessions.cookie",
            "__Host-id",
            "__Host-id",
            s -> s.sessions().cookie(),
            bad("", "expected a cookie name"),
            bad("a b", "expected a cookie name"),
            bad("a;b", "expected a cookie name")),
        row(
            "sessions.dir",
            "var/sessions",
            Optional.of(Path.of("/opt/tidepool/var/sessions")),
            s -> s.sessions().dir(),
            bad("[]", "expected a path")),
        count("sessions.capacity", 77, 1, 50_000_000, s -> s.sessions().capacity()),
        size(
            "sessions.average-size",
            "128 B",
            128,
            "64 B to 16 MiB",
            s -> s.sessions().averageBytes()),
        row(
            "sessions.max-size",
            "1 MiB",
            1 << 20,
            s -> s.sessions().maximumBytes(),
            bad("17 MiB", "64 B to 16 MiB"),
            bad("big", "expected a size")),
        choice(
            "sessions.when-full",
            "evict-oldest",
            SessionSettings.WhenFull.EVICT_OLDEST,
            "refuse, evict-oldest",
            s -> s.sessions().whenFull()),
        flag("sessions.persist", true, s -> s.sessions().persist()),
        time(
            "sessions.store-timeout",
            "1 s",
            Duration.ofSeconds(1),
            "10 ms to 10 m",
            s -> s.sessions().storeTimeout()),
        choice(
            "sessions.lock",
            "per-request",
            SessionSettings.Lock.PER_REQUEST,
            "none, per-request",
            s -> s.sessions().lock()),
        time(
            "sessions.lock-timeout",
            "1 s",
            Duration.ofSeconds(1),
            "10 ms to 1 h",
            s -> s.sessions().lockTimeout()),
        count("sessions.lock-waiters", 7, 0, 100_000, s -> s.sessions().lockWaiters()),
        row(
            "sessions.allowed-classes",
            "[com.example.Cart, \"org.shop.*\"]",
            List.of("com.example.Cart", "org.shop.*"),
            s -> s.sessions().allowedClasses(),
            bad("one", "expected a list"),
            bad("[\"*\"]", "expected names of classes, or package.*"),
            bad("[\"a b\"]", "expected names of classes, or package.*")),
        choice(
            "sessions.when-undecodable",
            "fail",
            SessionSettings.WhenUndecodable.FAIL,
            "drop-attribute, drop-session, fail",
            s -> s.sessions().whenUndecodable()),
        flag("access-log.enabled", true, s -> s.accessLog().enabled()),
        row(
            "access-log.file",
            "logs/access.log",
            Optional.of(Path.of("/opt/tidepool/logs/access.log")),
            s -> s.accessLog().file(),
            bad("[]", "expected a path")),
        row(
            "access-log.format",
            "$method $status",
            "$method $status",
            s -> s.accessLog().format(),
            bad("common", "expected combined, json, or a pattern"),
            bad("", "expected combined, json, or a pattern")),
        row(
            "log.file",
            "logs/a#b.log",
            Optional.of(Path.of("/opt/tidepool/logs/a#b.log")),
            s -> s.log().file(),
            bad("[]", "expected a path")),
        row(
            "log.level",
            "DEBUG",
            "DEBUG",
            s -> s.log().level(),
            bad("info", "expected one of ERROR, WARN, INFO, DEBUG, TRACE"),
            bad("", "expected one of")),
        row(
            "control.group",
            "staff",
            Optional.of("staff"),
            s -> s.control().group(),
            bad("[]", "expected a text")),
        count("control.max-clients", 5, 1, 10_000, s -> s.control().maxClients()),
        time(
            "control.idle-timeout",
            "5 s",
            Duration.ofSeconds(5),
            "1 s to 1 h",
            s -> s.control().idleTimeout()),
        time(
            "control.worker-timeout",
            "5 s",
            Duration.ofSeconds(5),
            "1 s to 1 h",
            s -> s.control().workerTimeout()),
        time("master.grace", "1 m", Duration.ofMinutes(1), "0 s to 24 h", s -> s.master().grace()));
  }

  @Test
  void everyKeyOfTheReferenceIsInThisTable() {
    assertThat(rows()).extracting(Row::key).containsExactlyElementsOf(Reference.keys());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isDocumentedWithTheRangeThatIsChecked(Row row) {
    String comment =
        String.join(" ", Reference.DEFAULTS.getValue(row.key()).origin().comments())
            .replaceAll("\\s+", " ");
    assertThat(comment).isNotBlank();
    assertThat(row.bad()).isNotEmpty();
    for (Bad bad : row.bad()) {
      if (Pattern.matches("[0-9].* to .*", bad.message())) {
        assertThat(comment).contains(bad.message());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void becomesATypedValue(Row row) throws InvalidSettingsException {
    LoadedSettings loaded = load(row.key() + "=" + row.good());
    assertThat(row.read().apply(loaded.settings())).isEqualTo(row.typed());
    assertThat(row.read().apply(load().settings())).as("default").isNotEqualTo(row.typed());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isRefusedWithItsKeyValueAndExpectation(Row row) {
    for (Bad bad : row.bad()) {
      assertThatThrownBy(() -> load(row.key() + "=" + bad.value()))
          .as(row.key() + "=" + bad.value())
          .isInstanceOfSatisfying(
              InvalidSettingsException.class,
              e ->
                  assertThat(e.problems())
                      .singleElement()
                      .asString()
                      .startsWith("--set: " + row.key())
                      .contains(bad.message())
                      .doesNotContain("\n"));
    }
  }

  private static LoadedSettings load(String... sets) throws InvalidSettingsException {
    return SettingsLoader.load(HOME, Optional.empty(), List.of(sets), Map.of());
  }
}
