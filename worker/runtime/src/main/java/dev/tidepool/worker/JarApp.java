package dev.tidepool.worker;

import dev.tidepool.app.App;
import dev.tidepool.app.AppContext;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** The one {@link App} that a handler jar declares, or the one of several that is asked for. */
final class JarApp implements LoadedApp {
  private final Path jar;
  private final Optional<String> type;
  private final AppClassLoader loader;
  private @Nullable App app;

  /**
   * Opens the jar.
   *
   * @param type the class of the app, if the jar may declare others
   * @throws IOException if it is no jar; URLClassLoader would ignore that
   */
  JarApp(Path jar, Optional<String> type) throws IOException {
    new JarFile(jar.toFile()).close();
    this.jar = jar;
    this.type = type;
    this.loader = new AppClassLoader(jar.toUri().toURL(), JarApp.class.getClassLoader());
  }

  @Override
  public ClassLoader classLoader() {
    return loader;
  }

  @Override
  public HttpHandler start(AppContext context, AppSessions sessions) throws Exception {
    App made = make();
    HttpHandler handler = made.start(context);
    if (handler == null) {
      throw new AppFailure("start", jar + ": the app returned no handler");
    }
    app = made;
    return sessions.attach(handler, loader, classesOf(made));
  }

  private App make() throws AppFailure {
    try {
      List<ServiceLoader.Provider<App>> apps =
          ServiceLoader.load(App.class, loader).stream()
              .filter(app -> type.isEmpty() || app.type().getName().equals(type.get()))
              .toList();
      if (apps.size() != 1) {
        throw new AppFailure(
            "load",
            "%s: META-INF/services/%s names %d apps%s, expected 1"
                .formatted(
                    jar,
                    App.class.getName(),
                    apps.size(),
                    type.map(name -> " of class " + name).orElse("")));
      }
      return apps.get(0).get();
    } catch (ServiceConfigurationError | LinkageError e) {
      throw new AppFailure("load", jar + ": " + Causes.describe(e), e);
    }
  }

  /** The app's own package with all below it; of an app in no package, only its own class. */
  private static List<String> classesOf(App app) {
    String itsPackage = app.getClass().getPackageName();
    return List.of(itsPackage.isEmpty() ? app.getClass().getName() : itsPackage + ".*");
  }

  @Override
  public void stop() throws Exception {
    if (app != null) {
      app.stop();
    }
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
