package dev.tidepool.master;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Copies of apps and configurations below the run directory. */
final class GenerationStore {
  private final RunDir runDir;

  GenerationStore(RunDir runDir) {
    this.runDir = runDir;
  }

  /**
   * Copies the app and checks the copy: hash first, whole archive readable, source at rest
   * meanwhile.
   *
   * @throws IOException with one line that names the app and what is wrong with it
   */
  Generation.AppCopy copyApp(Path source) throws IOException {
    AppArchive.checkExists(source);
    Path copy = Files.createTempFile(runDir.apps(), "incoming", ".jar");
    try {
      FileTime modified = Files.getLastModifiedTime(source);
      long size = Files.size(source);
      copyBytes(source, copy);
      if (!Files.getLastModifiedTime(source).equals(modified) || Files.size(source) != size) {
        throw new IOException("app.path=" + source + ": changed while it was copied; try again");
      }
      AppArchive.check(source, copy);
      String hash = hash(copy);
      Path file = runDir.apps().resolve(hash).resolve("app.jar");
      if (!Files.exists(file)) { // else workers run from it: leave it as it is
        Files.createDirectories(runDir.apps().resolve(hash));
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return new Generation.AppCopy(hash, file);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private void copyBytes(Path source, Path copy) throws IOException {
    try {
      Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      FileStore disk = Files.getFileStore(runDir.apps());
      throw new IOException(
          "app.path=%s (%d bytes) could not be copied to %s (%d bytes free): %s"
              .formatted(
                  source,
                  Files.size(source),
                  runDir.apps(),
                  disk.getUsableSpace(),
                  RunDir.reason(e)),
          e);
    }
  }

  private static String hash(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where {@link #write} puts a generation. */
  Path directory(int number) {
    return runDir.generations().resolve(Integer.toString(number));
  }

  /**
   * Writes {@code generations/N/}: the effective configuration, a link to the app, and copies of
   * the certificates.
   */
  void write(Generation generation) throws IOException {
    Path directory = directory(generation.number());
    delete(directory);
    Files.createDirectory(directory);
    Files.write(
        directory.resolve("settings.json"),
        generation.settingsJson().getBytes(StandardCharsets.UTF_8));
    CertificateCopies.write(
        generation.certificates(), generation.settings().listen().certificates());
    Files.createSymbolicLink(
        directory.resolve("app.jar"), directory.relativize(generation.app().file()));
  }

  /** Removes the copies of all generations but these, and the apps that none of them uses. */
  void keepOnly(Collection<Generation> kept) {
    Set<String> numbers =
        kept.stream().map(g -> Integer.toString(g.number())).collect(Collectors.toSet());
    Set<String> hashes = kept.stream().map(g -> g.app().hash()).collect(Collectors.toSet());
    try {
      deleteAllBut(runDir.generations(), numbers);
      deleteAllBut(runDir.apps(), hashes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteAllBut(Path directory, Set<String> kept) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      for (Path child : children.filter(c -> !kept.contains(c.getFileName().toString())).toList()) {
        delete(child);
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
