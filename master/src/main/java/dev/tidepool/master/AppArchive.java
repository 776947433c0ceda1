package dev.tidepool.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What can be told of an app's jar without running it. */
final class AppArchive {
  private static final String SERVICE = "META-INF/services/dev.tidepool.app.App";

  private AppArchive() {}

  /**
   * Reads every entry, so that a truncated or damaged jar is found here and not by a request.
   *
   * @throws IOException one line that names {@code app.path} and what is wrong with it
   */
  static void check(Path source) throws IOException {
    checkExists(source);
    check(source, source);
  }

  static void checkExists(Path source) throws IOException {
    if (!Files.isRegularFile(source)) {
      throw new IOException(
          "app.path=" + source + ": " + (Files.exists(source) ? "not a file" : "no such file"));
    }
  }

  /** Checks {@code copy}; messages name {@code source}. */
  static void check(Path source, Path copy) throws IOException {
    try (ZipFile zip = new ZipFile(copy.toFile())) {
      for (var entries = zip.entries(); entries.hasMoreElements(); ) {
        checkEntry(zip, entries.nextElement());
      }
      if (zip.getEntry(SERVICE) == null) {
        throw new IOException("it has no " + SERVICE + " that names the app's class");
      }
    } catch (IOException e) {
      throw new IOException(
          "app.path=%s (%d bytes) is not an app: %s"
              .formatted(source, Files.size(copy), e.getMessage()),
          e);
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
