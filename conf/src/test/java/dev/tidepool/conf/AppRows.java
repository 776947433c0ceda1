package dev.tidepool.conf;

import static dev.tidepool.conf.SettingRow.bad;
import static dev.tidepool.conf.SettingRow.count;
import static dev.tidepool.conf.SettingRow.flag;
import static dev.tidepool.conf.SettingRow.number;
import static dev.tidepool.conf.SettingRow.row;
import static dev.tidepool.conf.SettingRow.time;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of the app, and how it comes into service. */
final class AppRows {
  private AppRows() {}

  static List<SettingRow> all() {
    return List.of(
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
            Map.of("ann", new ServletSettings.User(Optional.of("secret"), List.of("admin"))),
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
            s -> s.balance().shedTime()));
  }
}
