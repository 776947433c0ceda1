package dev.tidepool.master;

import dev.tidepool.conf.CertificateFiles;
import dev.tidepool.conf.ListenSettings;
import dev.tidepool.conf.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * A generation's own copies of its certificates, keys and authorities, which only their owner can
 * read.
 */
final class CertificateCopies {
  private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private CertificateCopies() {}

  /**
   * Reads each certificate, and tries its key.
   *
   * @throws IOException whose message names the file and what is wrong with it
   */
  static void check(ListenSettings settings) throws IOException {
    for (CertificateFiles files : settings.certificates()) {
      PemFiles.read(files);
    }
    for (Path file : settings.authorities()) {
      PemFiles.certificates(file);
    }
  }

  /** Writes them into a new directory. */
  static void write(Path directory, ListenSettings settings) throws IOException {
    Files.createDirectory(directory, DIRECTORY);
    List<CertificateFiles> certificates = settings.certificates();
    for (int i = 0; i < certificates.size(); i++) {
      CertificateFiles copy = CertificateFiles.copy(directory, i);
      copy(certificates.get(i).certificate(), copy.certificate());
      copy(certificates.get(i).key(), copy.key());
      PemFiles.read(copy); // the files may have changed since they were checked
    }
    List<Path> authorities = settings.authorities();
    for (int i = 0; i < authorities.size(); i++) {
      Path copy = CertificateFiles.copyOfAuthorities(directory, i);
      copy(authorities.get(i), copy);
      PemFiles.certificates(copy);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.write(Files.createFile(to, FILE), Files.readAllBytes(from));
  }
}
