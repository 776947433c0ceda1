package dev.tidepool.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigRenderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {
  @TempDir Path home;
  private Path file = Path.of("tidepool.conf");
  private List<String> sets = List.of();
  private Map<String, String> environment = Map.of();

  @BeforeEach
  void placeFile() {
    file = home.resolve("tidepool.conf");
  }

  @Test
  void strongerLayersWinAndAreNamedAsOrigin() throws Exception {
    write(
        "tidepool {",
        "  workers.count = 3",
        "  workers.spares = 3",
        "  workers.io-threads = 3",
        "}");
    environment =
        Map.of(
            "CONFIG_FORCE_tidepool_workers_spares", "4",
            "CONFIG_FORCE_tidepool_workers_io__threads", "4",
            "CONFIG_FORCE_other_thing", "x",
            "PATH", "/bin");
    sets = List.of("workers.io-threads=9", "tidepool.workers.io-threads=5");

    LoadedSettings loaded = load();

    assertThat(loaded.settings().workers().count()).isEqualTo(3);
    assertThat(loaded.settings().workers().spares()).isEqualTo(4);
    assertThat(loaded.settings().workers().ioThreads()).isEqualTo(5);
    assertThat(loaded.all())
        .contains(
            new Setting("workers.count", "3", file + ": 2"),
            new Setting("workers.spares", "\"4\"", "environment"),
            new Setting("workers.io-threads", "5", "--set"),
            new Setting("workers.task-threads", "16", "default"),
            new Setting("app.settings", "{}", "default"))
        .hasSize(Reference.keys().size());
  }

  @Test
  void eachLeafOfAFreeSectionIsListed() throws Exception {
    write("tidepool.app.settings {", "  b.c = [1]", "  a = x", "}");
    assertThat(load().all())
        .contains(
            new Setting("app.settings.a", "\"x\"", file + ": 3"),
            new Setting("app.settings.b.c", "[1]", file + ": 2"))
        .noneMatch(setting -> setting.key().equals("app.settings"));
  }

  @Test
  void relativePathsAreBelowHome() throws Exception {
    write();
    sets = List.of("log.file=log/x.log", "app.path=/abs/app.jar");
    LoadedSettings loaded = load();
    assertThat(loaded.settings().runDir()).isEqualTo(home.resolve("run"));
    assertThat(loaded.settings().log().file()).contains(home.resolve("log/x.log"));
    assertThat(loaded.settings().apps().get(0).path()).isEqualTo(Path.of("/abs/app.jar"));
    assertThat(loaded.effective().getString("run-dir")).isEqualTo(home.resolve("run").toString());
  }

  @Test
  void jsonGivesEqualSettings() throws Exception {
    write(
        "tidepool {",
        "  listen.http = [\"127.0.0.1:0\", \"unix:/tmp/http.sock\"]",
        "  listen.unix-mode = 0600",
        "  workers { jvm-options = [\"-Da=\\\"b c\\\"\"], environment { A = 1, \"b.c\" = \"ü\" } }",
        "  app.settings { n = 1, d = 2.50, t = true, list = [1, {x = null}], \"dotted.key\" = \"\\u0001\" }",
        "}");
    environment = Map.of("CONFIG_FORCE_tidepool_workers_count", "4");
    sets = List.of("log.file=x.log", "warm-up.paths=[/a, /b]");
    LoadedSettings loaded = load();
    String json = loaded.effective().root().render(ConfigRenderOptions.concise());
    assertThat(SettingsLoader.fromJson(json)).isEqualTo(loaded.settings());
    assertThat(SettingsLoader.fromJson(json).listen().unixMode()).isEqualTo(0600);
    assertThat(SettingsLoader.fromJson(json).apps().get(0).settings().getString("d"))
        .isEqualTo("2.50");
  }

  @Test
  void includesAndSubstitutionsResolve() throws Exception {
    Files.createDirectory(home.resolve("parts"));
    Files.writeString(
        home.resolve("parts/workers.conf"), "tidepool.workers.count = ${tidepool.reload.surge}\n");
    write(
        "include \"parts/workers.conf\"",
        "tidepool.reload.surge = 5",
        "tidepool.listen.http = \"0.0.0.0:\"${?PORT}",
        "tidepool.app.settings.absent = ${?NO_SUCH_VARIABLE}");
    environment = Map.of("PORT", "8765");
    sets = List.of("reload.surge=6", "log.file=${PORT}.log");

    Settings settings = load().settings();

    assertThat(settings.workers().count()).isEqualTo(6);
    assertThat(settings.listen().listeners())
        .extracting(ListenerSettings::address)
        .containsExactly(new ListenAddress.Tcp("0.0.0.0", 8765));
    assertThat(settings.log().file()).contains(home.resolve("8765.log"));
    assertThat(settings.apps().get(0).settings().isEmpty()).isTrue();
  }

  @Test
  void aProblemInAnIncludedFileNamesThatFile() throws Exception {
    Path part = home.resolve("part.conf");
    Files.writeString(part, "tidepool {\n\n  workers.count = 0\n}\n");
    write("include \"part.conf\"");
    assertThat(problems())
        .containsExactly(part + ": 3: workers.count = 0: expected a whole number, 1 to 128");
  }

  @Test
  void allProblemsAreReportedAtOnce() throws Exception {
    write(
        "tidepool {",
        "  workers { count = none, cuont = 3 }",
        "  health.heartbeat-interval = 1 s",
        "  workers.restart-delay = 40 s",
        "}",
        "worker.count = 2");
    sets = List.of("drain.timeout=-1 s", "nonsense");
    environment = Map.of("CONFIG_FORCE_tidepool_workers_spare", "1");
    assertThat(problems()).containsExactly("--set: nonsense: expected key=value");

    sets = List.of("drain.timeout=-1 s");
    assertThat(problems())
        .containsExactlyInAnyOrder(
            file + ": 6: worker = {\"count\":2}: unknown key; did you mean tidepool.workers?",
            file + ": 2: workers.cuont = 3: unknown key; did you mean workers.count?",
            "environment: workers.spare = \"1\": unknown key; did you mean workers.spares?",
            file + ": 2: workers.count = \"none\": expected a whole number, 1 to 128",
            file
                + ": 4: workers.restart-delay = \"40 s\":"
                + " expected at most workers.restart-delay-max = 30 s",
            "default: balance.stale-after = \"300 ms\":"
                + " expected at least twice health.heartbeat-interval = 1 s",
            "--set: drain.timeout = \"-1 s\":" + " expected a duration with its unit, 0 s to 24 h");
  }

  @Test
  void suggestsWhatWasMeant() {
    assertThat(suggestion("heap=1 GiB")).endsWith("did you mean workers.heap?");
    assertThat(suggestion("workers.ioThreads=1")).endsWith("did you mean workers.io-threads?");
    assertThat(suggestion("warm_up.limit=1 s")).endsWith("did you mean warm-up?");
    assertThat(suggestion("drain.timout=1 s")).endsWith("did you mean drain.timeout?");
    assertThat(suggestion("listen.zzz=1")).endsWith("unknown key");
  }

  @Test
  void unknownRootsAreRefused() throws Exception {
    write("workers.count = 2", "tidepol { a = 1 }", "plumbing = x");
    assertThat(problems())
        .containsExactly(
            file + ": 1: workers = {\"count\":2}: unknown key; did you mean tidepool.workers?",
            file + ": 2: tidepol = {\"a\":1}: unknown key; did you mean tidepool?",
            file + ": 3: plumbing = \"x\": unknown key");
  }

  @Test
  void aValueInPlaceOfASectionIsOneProblem() throws Exception {
    write("tidepool {", "  workers = 5", "  reload.surge = 9", "}");
    assertThat(problems()).containsExactly(file + ": 2: workers = 5: expected a section { … }");
    write("tidepool = 5");
    assertThat(problems()).containsExactly(file + ": 1: tidepool = 5: expected a section { … }");
    write("tidepool.workers = null");
    assertThat(problems()).containsExactly(file + ": 1: workers = null: expected a section { … }");
  }

  @Test
  void aFileThatCannotBeReadIsOneClearLine() throws Exception {
    assertThat(problems()).containsExactly(file + ": no such file");

    Files.createDirectory(file);
    assertThat(problems()).containsExactly(file + ": is a directory");
    Files.delete(file);

    write("tidepool {", "  workers.count = 2", "  workers.spares = ]");
    assertThat(problems()).singleElement().asString().startsWith(file + ": 3: ").hasLineCount(1);

    write("tidepool.workers.count = ${nowhere}");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith(file + ": 1: ")
        .contains("${nowhere}");

    write("include required(\"absent.conf\")");
    assertThat(problems()).singleElement().asString().contains("absent.conf").hasLineCount(1);
  }

  @Test
  void malformedOverridesAreProblems() {
    environment = Map.of("CONFIG_FORCE_tidepool_workers____count", "4");
    sets = List.of("=3", "workers..count=3", "app.settings={a=}");
    assertThat(problems(Optional.empty()))
        .hasSize(4)
        .allMatch(problem -> problem.startsWith("--set: ") || problem.startsWith("environment: "));
  }

  @Test
  void valuesOfSetNeedNoQuotes() throws Exception {
    sets =
        List.of(
            "listen.http=[::1]:0",
            "listen.admin=off",
            "run-dir=/tmp//a#b",
            "app.settings.faults=true",
            "app.settings.empty=",
            "app.settings.equation=a=b");
    Settings settings = SettingsLoader.load(home, Optional.empty(), sets, environment).settings();
    assertThat(settings.listen().listeners())
        .extracting(ListenerSettings::address)
        .containsExactly(new ListenAddress.Tcp("::1", 0));
    assertThat(settings.runDir()).isEqualTo(Path.of("/tmp/a#b"));
    assertThat(settings.apps().get(0).settings().root().unwrapped())
        .isEqualTo(Map.of("faults", true, "empty", "", "equation", "a=b"));
  }

  @Test
  void anEnvironmentVariableCanGiveAListItemByItem() throws Exception {
    environment =
        Map.of(
            "CONFIG_FORCE_tidepool_listen_http_0", "127.0.0.1:1",
            "CONFIG_FORCE_tidepool_listen_http_1", "127.0.0.1:2");
    Settings settings = SettingsLoader.load(home, Optional.empty(), sets, environment).settings();
    assertThat(settings.listen().listeners())
        .extracting(ListenerSettings::address)
        .containsExactly(
            new ListenAddress.Tcp("127.0.0.1", 1), new ListenAddress.Tcp("127.0.0.1", 2));
  }

  @Test
  void severalAppsTakeThePlaceOfTheOne() throws Exception {
    write("tidepool { apps = [{ path = a.jar, context = /a }, { path = /b.war }] }");
    LoadedSettings loaded = load();
    assertThat(loaded.settings().apps())
        .extracting(AppSettings::path)
        .containsExactly(home.resolve("a.jar"), Path.of("/b.war"));
    assertThat(loaded.all()).extracting(Setting::key).contains("apps").doesNotContain("app.path");
    String json = loaded.effective().root().render(ConfigRenderOptions.concise());
    assertThat(SettingsLoader.fromJson(json).apps()).isEqualTo(loaded.settings().apps());

    write("tidepool {", "app.context = /a", "apps = [{ path = a.jar }]", "}");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith(file + ": 3: apps = ")
        .endsWith("expected either this or app, of " + file + ": 2");
  }

  @Test
  void anAppOfTheListCanBeGivenKeyByKey() throws Exception {
    sets = List.of("apps.0.path=a.jar", "apps.1.path=b.jar", "apps.1.host=b.org");
    assertThat(SettingsLoader.load(home, Optional.empty(), sets, environment).settings().apps())
        .extracting(AppSettings::name, AppSettings::path)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("/", home.resolve("a.jar")),
            org.assertj.core.groups.Tuple.tuple("b.org/", home.resolve("b.jar")));
  }

  @Test
  void theShippedFileHasNoProblems() throws Exception {
    file = Path.of("tidepool.conf").toAbsolutePath();
    LoadedSettings loaded = load();
    assertThat(loaded.settings().apps().get(0).path()).isEqualTo(home.resolve("apps/demo.jar"));
  }

  private String suggestion(String set) {
    sets = List.of(set);
    List<String> problems = problems(Optional.empty());
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }

  private LoadedSettings load() throws InvalidSettingsException {
    return SettingsLoader.load(home, Optional.of(file), sets, environment);
  }

  private List<String> problems() {
    return problems(Optional.of(file));
  }

  private List<String> problems(Optional<Path> from) {
    return catchThrowableOfType(
            InvalidSettingsException.class,
            () -> SettingsLoader.load(home, from, sets, environment))
        .problems();
  }

  private void write(String... lines) throws IOException {
    Files.write(file, List.of(lines));
  }
}
