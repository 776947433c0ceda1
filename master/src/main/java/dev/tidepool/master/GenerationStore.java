package dev.tidepool.master;

import dev.tidepool.conf.AppSettings;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Copies of apps and configurations below the run directory. */
final class GenerationStore {
  private static final String JAR = "app.jar";
  private static final String WAR = "war";

  private final RunDir runDir;
  private final Posix posix;
  private final Account account;

  /** {@code account}: whose workers read the copies of the apps. */
  GenerationStore(RunDir runDir, Posix posix, Account account) {
    this.runDir = runDir;
    this.posix = posix;
    this.account = account;
  }

  /**
   * Copies the app and checks the copy: whole archive readable, source at rest meanwhile. A WAR is
   * unpacked, once for all workers of all generations that run it.
   *
   * @throws IOException with one line that names the app and what is wrong with it
   */
  Generation.AppCopy copyApp(AppSettings app) throws IOException {
    AppArchive.checkExists(app);
    Path stage = Files.createTempDirectory(runDir.apps(), "incoming");
    try {
      return Files.isDirectory(app.path()) ? copyTree(app, stage) : copyFile(app, stage);
    } finally {
      FileTree.delete(stage);
    }
  }

  private Generation.AppCopy copyFile(AppSettings app, Path stage) throws IOException {
    Path source = app.path();
    Path copy = stage.resolve(JAR);
    FileTime modified = Files.getLastModifiedTime(source);
    long size = Files.size(source);
    copyBytes(app, copy);
    if (!Files.getLastModifiedTime(source).equals(modified) || Files.size(source) != size) {
      throw new IOException(AppArchive.setting(app) + ": changed while it was copied; try again");
    }
    return switch (AppArchive.check(app, copy)) {
      case JAR -> keep(stage, hash(copy), JAR);
      case WAR -> unpack(app, copy, stage);
    };
  }

  private Generation.AppCopy unpack(AppSettings app, Path copy, Path stage) throws IOException {
    String hash = hash(copy);
    if (!Files.exists(runDir.apps().resolve(hash))) {
      try {
        WarTree.unpack(copy, stage.resolve(WAR));
      } catch (IOException e) {
        throw new IOException(
            AppArchive.setting(app) + " could not be unpacked: " + RunDir.reason(e), e);
      }
      unpackJars(app, stage);
      Files.delete(copy);
    }
    return keep(stage, hash, WAR);
  }

  private Generation.AppCopy copyTree(AppSettings app, Path stage) throws IOException {
    Path copy = stage.resolve(WAR);
    WarTree.copy(app, copy);
    AppArchive.checkTree(app, copy);
    unpackJars(app, stage);
    return keep(stage, hash(copy), WAR);
  }

  /** Here and not in a worker, since JSPs are among the resources: none may change them. */
  private static void unpackJars(AppSettings app, Path stage) throws IOException {
    try {
      WarTree.unpackResources(stage.resolve(WAR), stage.resolve("resources"));
    } catch (IOException e) {
      throw new IOException(
          AppArchive.setting(app) + " has a jar that could not be unpacked: " + RunDir.reason(e),
          e);
    }
  }

  private Generation.AppCopy keep(Path stage, String hash, String name) throws IOException {
    Path kept = runDir.apps().resolve(hash);
    if (!Files.exists(kept)) { // else workers run from it: leave it as it is
      Files.move(stage, kept, StandardCopyOption.ATOMIC_MOVE);
    }
    account.share(kept, posix);
    return new Generation.AppCopy(hash, kept.resolve(name));
  }

  private void copyBytes(AppSettings app, Path copy) throws IOException {
    Path source = app.path();
    try {
      Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      FileStore disk = Files.getFileStore(runDir.apps());
      throw new IOException(
          "%s (%d bytes) could not be copied to %s (%d bytes free): %s"
              .formatted(
                  AppArchive.setting(app),
                  Files.size(source),
                  runDir.apps(),
                  disk.getUsableSpace(),
                  RunDir.reason(e)),
          e);
    }
  }

  /** Of a file, or of a tree. */
  private static String hash(Path copy) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      if (Files.isDirectory(copy)) {
        WarTree.digest(copy, digest);
      } else {
        digest(copy, digest);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static void digest(Path file, MessageDigest digest) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[64 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
  }

  /** Where {@link #write} puts a generation. */
  Path directory(int number) {
    return runDir.generations().resolve(Integer.toString(number));
  }

  /**
   * Writes {@code generations/N/}: the effective configuration, a link to each app, and copies of
   * the certificates.
   */
  void write(Generation generation) throws IOException {
    Path directory = directory(generation.number());
    FileTree.delete(directory);
    Files.createDirectory(directory);
    Files.write(
        directory.resolve("settings.json"),
        generation.settingsJson().getBytes(StandardCharsets.UTF_8));
    CertificateCopies.write(generation.certificates(), generation.settings().listen());
    for (int i = 0; i < generation.apps().size(); i++) {
      Path app = generation.apps().get(i).file();
      Files.createSymbolicLink(
          directory.resolve(i + "-" + app.getFileName()), directory.relativize(app));
    }
  }

  /** Removes the copies of all generations but these, and the apps that none of them uses. */
  void keepOnly(Collection<Generation> kept) {
    Set<String> numbers =
        kept.stream().map(g -> Integer.toString(g.number())).collect(Collectors.toSet());
    Set<String> hashes =
        kept.stream()
            .flatMap(generation -> generation.apps().stream())
            .map(Generation.AppCopy::hash)
            .collect(Collectors.toSet());
    try {
      deleteAllBut(runDir.generations(), numbers);
      deleteAllBut(runDir.apps(), hashes);
      deleteAllBut(runDir.appWork(), hashes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteAllBut(Path directory, Set<String> kept) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      for (Path child : children.filter(c -> !kept.contains(c.getFileName().toString())).toList()) {
        FileTree.delete(child);
      }
    }
  }
}
