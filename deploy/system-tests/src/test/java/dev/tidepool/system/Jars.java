package dev.tidepool.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidepool.app.App;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Makes app jars, good and bad ones, as bytes. */
final class Jars {
  private static final String SERVICE = "META-INF/services/" + App.class.getName();

  private Jars() {}

  /** The demo app as it was built. */
  static byte[] demo() {
    try {
      return Files.readAllBytes(Distribution.HOME.resolve("apps/demo.jar"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The demo app with another build in its version.txt. */
  static byte[] demo(String version) {
    var jar = new ByteArrayOutputStream();
    boolean replaced = false;
    try (var in = new ZipInputStream(new java.io.ByteArrayInputStream(demo()));
        var out = new ZipOutputStream(jar)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        boolean isVersion = entry.getName().endsWith("version.txt");
        out.putNextEntry(new ZipEntry(entry.getName()));
        out.write(isVersion ? version.getBytes(UTF_8) : in.readAllBytes());
        replaced |= isVersion;
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    if (!replaced) {
      throw new AssertionError("the demo jar has no version.txt");
    }
    return jar.toByteArray();
  }

  /** The first half of the demo app: what a broken-off upload leaves. */
  static byte[] truncated() {
    byte[] whole = demo();
    return Arrays.copyOf(whole, whole.length / 2);
  }

  static byte[] notAJar() {
    return "this is no jar".getBytes(UTF_8);
  }

  /** A jar that names an app whose class it does not hold. */
  static byte[] withoutItsClass() {
    var jar = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(jar)) {
      entry(out, SERVICE, "com.example.Missing".getBytes(UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return jar.toByteArray();
  }

  /** A jar of one app of these tests, with its nested classes. */
  static byte[] of(Class<? extends App> app) {
    String file = app.getName().replace('.', '/');
    var jar = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(jar)) {
      entry(out, SERVICE, app.getName().getBytes(UTF_8));
      Path classes = Path.of(app.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path folder = classes.resolve(file).resolveSibling("");
      try (DirectoryStream<Path> all =
          Files.newDirectoryStream(folder, app.getSimpleName() + "{,$*}.class")) {
        for (Path each : all) {
          try (InputStream bytes = Files.newInputStream(each)) {
            entry(out, classes.relativize(each).toString(), bytes.readAllBytes());
          }
        }
      }
    } catch (IOException | java.net.URISyntaxException e) {
      throw new AssertionError(e);
    }
    return jar.toByteArray();
  }

  private static void entry(ZipOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    out.write(bytes);
  }
}
