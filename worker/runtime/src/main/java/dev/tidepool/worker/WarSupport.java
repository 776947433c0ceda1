package dev.tidepool.worker;

import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.Settings;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The part of the distribution that only WARs need: {@code servlet/} beside the worker's jar. */
final class WarSupport {
  private static @Nullable WarContainer container;

  private WarSupport() {}

  /** All WARs share these jars, whose loader lives as long as the worker does. */
  static synchronized LoadedApp open(Path war, AppSettings app, Settings settings)
      throws IOException {
    WarContainer found = container;
    if (found == null) {
      var loader = new URLClassLoader("servlet", jars(), WarSupport.class.getClassLoader());
      found =
          ServiceLoader.load(WarContainer.class, loader)
              .findFirst()
              .orElseThrow(
                  () -> new IOException("this worker has no lib/servlet/, and runs no WARs"));
      container = found;
    }
    return found.open(war, app, settings);
  }

  private static URL[] jars() throws IOException {
    Path directory = ownJar().resolveSibling("servlet");
    List<URL> jars = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.jar")) {
        for (Path jar : all) {
          jars.add(jar.toUri().toURL());
        }
      }
    }
    return jars.toArray(URL[]::new);
  }

  private static Path ownJar() throws IOException {
    try {
      return Path.of(WarSupport.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
