package dev.tidepool.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.MetricRegistry;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import dev.tidepool.app.Departure;
import dev.tidepool.conf.Settings;
import dev.tidepool.conf.SettingsLoader;
import io.undertow.server.HttpHandler;
import io.undertow.server.session.SessionConfig;
import io.undertow.server.session.SessionManager;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppLoaderTest {
  private static final String HANDLER = "return exchange -> exchange.endExchange();";

  @TempDir Path directory;

  private record Context(Config settings, MetricRegistry metrics, int generation, int pid)
      implements AppContext {
    @Override
    public void onDrain(Consumer<Departure> listener) {
      // it never leaves
    }
  }

  private static final class NoSessions implements AppSessions {
    @Override
    public HttpHandler attach(HttpHandler handler, ClassLoader loader, List<String> ownClasses) {
      return handler;
    }

    @Override
    public SessionManager manager(ClassLoader loader, List<String> ownClasses) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SessionConfig config(SessionConfig container, String name) {
      return container;
    }

    @Override
    public HttpHandler locked(HttpHandler container, SessionConfig config) {
      throw new UnsupportedOperationException();
    }
  }

  private static AppLoader open(Path jar) throws Exception {
    return open(jar, "");
  }

  private static AppLoader open(Path jar, String type) throws Exception {
    List<String> sets = List.of("app.class=" + type);
    Settings settings = SettingsLoader.load(jar, Optional.empty(), sets, Map.of()).settings();
    return AppLoader.open(jar, settings.apps().get(0), settings);
  }

  private static HttpHandler start(Path jar) throws Exception {
    try (AppLoader loader = open(jar)) {
      var context = new Context(ConfigFactory.empty(), new MetricRegistry(), 1, 2);
      return loader.start(context, new NoSessions());
    }
  }

  private static void assertFails(Path jar, String phase, String... parts) {
    assertThatThrownBy(() -> start(jar))
        .isInstanceOfSatisfying(
            AppFailure.class,
            failure -> {
              assertThat(failure.phase).isEqualTo(phase);
              assertThat(failure).hasMessageContainingAll(parts);
              assertThat(failure).hasMessageContaining(jar.toString());
            });
  }

  @Test
  void startsTheOneApp() throws Exception {
    Path jar = new TestJar().app("Good", HANDLER).build(directory, "good.jar");
    assertThat(start(jar)).isNotNull();
  }

  @Test
  void seesTheAppApiButNothingElseOfTheWorker() throws Exception {
    Path jar = new TestJar().app("Good", HANDLER).build(directory, "good.jar");
    try (AppLoader loader = open(jar)) {
      ClassLoader app = loader.classLoader();
      assertThat(app.loadClass(App.class.getName())).isSameAs(App.class);
      assertThat(app.loadClass(HttpHandler.class.getName())).isSameAs(HttpHandler.class);
      assertThat(app.loadClass("java.sql.Connection")).isNotNull();
      assertThatThrownBy(() -> app.loadClass("dev.tidepool.worker.Worker"))
          .isInstanceOf(ClassNotFoundException.class);
      assertThatThrownBy(() -> app.loadClass("com.sun.jna.Native"))
          .isInstanceOf(ClassNotFoundException.class);
      assertThat(app.getResource("reference.conf")).isNull();
    }
  }

  @Test
  void prefersItsOwnClassesAndResources() throws Exception {
    Path jar =
        new TestJar()
            .app("Good", HANDLER)
            .source(
                "org/assertj/core/api/Assertions.java",
                "package org.assertj.core.api; public class Assertions {}")
            .resource("reference.conf", "mine = true".getBytes(StandardCharsets.UTF_8))
            .build(directory, "good.jar");
    try (AppLoader loader = open(jar)) {
      Class<?> own = loader.classLoader().loadClass("org.assertj.core.api.Assertions");
      assertThat(own.getDeclaredMethods()).isEmpty();
      try (InputStream in = loader.classLoader().getResourceAsStream("reference.conf")) {
        assertThat(Objects.requireNonNull(in))
            .hasBinaryContent("mine = true".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void anAppThatBundlesTheApiStillMeansOurs() throws Exception {
    byte[] bundled;
    try (InputStream in = App.class.getResourceAsStream("App.class")) {
      bundled = Objects.requireNonNull(in).readAllBytes();
    }
    Path jar =
        new TestJar()
            .app("Good", HANDLER)
            .resource("dev/tidepool/app/App.class", bundled)
            .build(directory, "fat.jar");
    assertThat(start(jar)).isNotNull();
  }

  @Test
  void saysWhatIsWrongWithAJar() throws Exception {
    assertFails(directory.resolve("missing.jar"), "load", "no such file");

    Path text = Files.writeString(directory.resolve("text.jar"), "not a zip");
    assertFails(text, "load", "not a jar, or broken");

    Path good = new TestJar().app("Good", HANDLER).build(directory, "good.jar");
    byte[] bytes = Files.readAllBytes(good);
    Path truncated = directory.resolve("truncated.jar");
    Files.write(truncated, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertFails(truncated, "load", "not a jar, or broken");
  }

  @Test
  void saysWhatIsWrongWithItsDeclaration() throws Exception {
    assertFails(
        new TestJar().resource("a.txt", new byte[0]).build(directory, "none.jar"),
        "load",
        "names 0 apps, expected 1");
    assertFails(
        new TestJar().app("One", HANDLER).app("Two", HANDLER).build(directory, "two.jar"),
        "load",
        "names 2 apps, expected 1");
    assertFails(
        new TestJar().appNamed("demo.Missing").build(directory, "lost.jar"),
        "load",
        "demo.Missing");
  }

  @Test
  void theClassChoosesOneOfSeveralApps() throws Exception {
    Path jar = new TestJar().app("One", HANDLER).app("Two", HANDLER).build(directory, "two.jar");
    var context = new Context(ConfigFactory.empty(), new MetricRegistry(), 1, 2);
    try (AppLoader loader = open(jar, "demo.Two")) {
      assertThat(loader.start(context, new NoSessions())).isNotNull();
    }
    try (AppLoader loader = open(jar, "demo.Three")) {
      assertThatThrownBy(() -> loader.start(context, new NoSessions()))
          .hasMessageContaining("names 0 apps of class demo.Three, expected 1");
    }
  }

  @Test
  void saysThatAClassIsTooNew() throws Exception {
    Path jar = new TestJar().app("Good", HANDLER).build(directory, "good.jar");
    assertFails(newer(jar), "load", "UnsupportedClassVersionError");
  }

  /** The same app with class files of a Java that does not exist yet. */
  private Path newer(Path jar) throws IOException {
    try (var file = new java.util.jar.JarFile(jar.toFile())) {
      byte[] type = file.getInputStream(file.getEntry("demo/Good.class")).readAllBytes();
      type[6] = 1; // major version: the two bytes at 6
      return new TestJar()
          .appNamed("demo.Good")
          .resource("demo/Good.class", type)
          .build(directory, "newer.jar");
    }
  }

  @Test
  void saysWhyAnAppDidNotStart() throws Exception {
    assertFails(
        new TestJar()
            .app(
                "Bad",
                "throw new IllegalStateException(\"no database\","
                    + " new java.net.ConnectException(\"refused\"));")
            .build(directory, "bad.jar"),
        "start",
        "IllegalStateException: no database",
        "caused by java.net.ConnectException: refused");
    assertFails(
        new TestJar().app("Nothing", "return null;").build(directory, "nothing.jar"),
        "start",
        "no handler");
  }
}
