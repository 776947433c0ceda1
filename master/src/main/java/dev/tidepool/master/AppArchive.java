package dev.tidepool.master;

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
   * @throws IOException one line that names {@code app.path} and what is wrong with it
   */
  static void check(Path source) throws IOException {
    checkExists(source);
    if (Files.isDirectory(source)) {
      checkTree(source, source);
    } else {
      check(source, source);
    }
  }

  static void checkExists(Path source) throws IOException {
    if (!Files.isRegularFile(source) && !Files.isDirectory(source)) {
      throw new IOException(
          "app.path=" + source + ": " + (Files.exists(source) ? "not a file" : "no such file"));
    }
  }

  /** Checks {@code copy}, a file; messages name {@code source}. */
  static Kind check(Path source, Path copy) throws IOException {
    try (ZipFile zip = new ZipFile(copy.toFile())) {
      for (var entries = zip.entries(); entries.hasMoreElements(); ) {
        checkEntry(zip, entries.nextElement());
      }
      if (zip.getEntry(SERVICE) != null) {
        return Kind.JAR;
      }
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
          "app.path=%s (%d bytes) is not an app: %s"
              .formatted(source, Files.size(copy), e.getMessage()),
          e);
    }
  }

  /** Checks {@code copy}, a directory; messages name {@code source}. */
  static void checkTree(Path source, Path copy) throws IOException {
    try {
      if (!Files.isDirectory(copy.resolve(WarTree.WEB_INF))) {
        throw new IOException("the directory has no WEB-INF/ as WARs have");
      }
      Path webXml = copy.resolve(WarTree.WEB_XML);
      if (Files.exists(webXml)) {
        WarTree.checkXml(Files.newInputStream(webXml));
      }
    } catch (IOException e) {
      throw new IOException("app.path=%s is not an app: %s".formatted(source, e.getMessage()), e);
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
