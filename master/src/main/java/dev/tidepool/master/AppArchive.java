package dev.tidepool.master;

import dev.tidepool.conf.AppSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What can be told of an app without running it: a handler jar, a WAR, or the tree of a WAR. */
final class AppArchive {
  private static final String SERVICE = "META-INF/services/dev.tidepool.app.App";

  /** What an app comes as. */
  enum Kind {
    JAR,
    WAR
  }

  private AppArchive() {}

  /**
   * Reads every entry, so that a truncated or damaged archive is found here and not by a request.
   *
   * @throws IOException one line that names its setting and what is wrong with it
   */
  static void check(AppSettings app) throws IOException {
    checkExists(app);
    if (Files.isDirectory(app.path())) {
      checkTree(app, app.path());
    } else {
      check(app, app.path());
    }
  }

  static void checkExists(AppSettings app) throws IOException {
    Path source = app.path();
    if (!Files.isRegularFile(source) && !Files.isDirectory(source)) {
      throw new IOException(
          setting(app) + ": " + (Files.exists(source) ? "not a file" : "no such file"));
    }
  }

  /** The app in messages: the setting that names it. */
  static String setting(AppSettings app) {
    return app.key() + ".path=" + app.path();
  }

  /** Checks {@code copy}, a file; messages name the app. */
  static Kind check(AppSettings app, Path copy) throws IOException {
    try (ZipFile zip = new ZipFile(copy.toFile())) {
      for (var entries = zip.entries(); entries.hasMoreElements(); ) {
        checkEntry(zip, entries.nextElement());
      }
      if (zip.getEntry(SERVICE) != null) {
        return Kind.JAR;
      }
      checkNoClass(app);
      if (zip.stream().noneMatch(entry -> entry.getName().startsWith(WarTree.WEB_INF))) {
        throw new IOException(
            "it has no " + SERVICE + " that names the app's class, and no WEB-INF/ as WARs have");
      }
      ZipEntry webXml = zip.getEntry(WarTree.WEB_XML);
      if (webXml != null) {
        WarTree.checkXml(zip.getInputStream(webXml));
      }
      return Kind.WAR;
    } catch (IOException e) {
      throw new IOException(
          "%s (%d bytes) is not an app: %s"
              .formatted(setting(app), Files.size(copy), e.getMessage()),
          e);
    }
  }

  /** Checks {@code copy}, a directory; messages name the app. */
  static void checkTree(AppSettings app, Path copy) throws IOException {
    try {
      checkNoClass(app);
      if (!Files.isDirectory(copy.resolve(WarTree.WEB_INF))) {
        throw new IOException("the directory has no WEB-INF/ as WARs have");
      }
      Path webXml = copy.resolve(WarTree.WEB_XML);
      if (Files.exists(webXml)) {
        WarTree.checkXml(Files.newInputStream(webXml));
      }
    } catch (IOException e) {
      throw new IOException("%s is not an app: %s".formatted(setting(app), e.getMessage()), e);
    }
  }

  private static void checkNoClass(AppSettings app) throws IOException {
    if (app.type().isPresent()) {
      throw new IOException(app.key() + ".class is for handler jars, and it is none");
    }
  }

  /** ZipFile does not compare checksums by itself. */
  private static void checkEntry(ZipFile zip, ZipEntry entry) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    try (CheckedInputStream in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      while (in.read(buffer) >= 0) {
        // to the end
      }
      long found = in.getChecksum().getValue();
      if (found != entry.getCrc()) {
        throw new IOException(
            "%s is damaged: checksum %08x, expected %08x"
                .formatted(entry.getName(), found, entry.getCrc()));
      }
    }
  }
}
