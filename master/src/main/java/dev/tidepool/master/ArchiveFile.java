package dev.tidepool.master;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * One archive by name: {@code KEY-CHECKSUM.jsa}. The key is a hash of all that must be the same
 * where it is made and where it is used; the checksum is that of the content, since the JVM looks
 * only at the header.
 *
 * @param aot whether it is an AOT cache (Java 25) and not a CDS archive
 */
record ArchiveFile(Path directory, String key, boolean aot) {
  private static final int KEPT = 4;

  static ArchiveFile of(Path directory, WorkerJvm jvm) throws IOException {
    StringBuilder parts = new StringBuilder();
    parts.append(jvm.java().path().toRealPath()).append('\n');
    parts.append(jvm.java().version()).append('\n');
    // The sizes of the heap make no difference to it.
    jvm.options().stream()
        .filter(option -> !option.startsWith("-Xmx") && !option.startsWith("-Xmn"))
        .forEach(option -> parts.append(option).append('\n'));
    // By content, for Java 25.0.3 does not notice a changed jar and runs the old classes; by place
    // and time, for a JVM silently passes over an archive that was made from jars of others.
    for (Path jar : jvm.jars()) {
      parts.append(jar).append(' ').append(Files.getLastModifiedTime(jar).toMillis());
      parts.append(' ').append(checksum(jar)).append('\n');
    }
    byte[] bytes = parts.toString().getBytes(StandardCharsets.UTF_8);
    String key = UUID.nameUUIDFromBytes(bytes).toString().replace("-", "");
    return new ArchiveFile(directory, key, jvm.java().feature() >= 25);
  }

  /** The archive if it has been made; it need not be whole. */
  Optional<Path> find() throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, key + "-*.jsa")) {
      for (Path file : all) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Options for a JVM that makes the archive as it ends. */
  List<String> make(Path into) {
    return aot
        ? List.of("-XX:AOTCacheOutput=" + into, "-Xlog:aot=error", "-Xlog:cds=error")
        : List.of("-XX:ArchiveClassesAtExit=" + into, "-Xlog:cds=error", "-Xlog:cds+dynamic=error");
  }

  /** Options for a JVM that starts from it; one that does not fit is passed over. */
  List<String> use(Path file) {
    return aot
        ? List.of("-XX:AOTCache=" + file, "-Xlog:aot=off", "-Xlog:cds=off")
        : List.of("-XX:SharedArchiveFile=" + file, "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
  }

  /** Gives a fresh archive its name, and removes those that have not been made lately. */
  Path keep(Path fresh) throws IOException {
    Path file = directory.resolve(key + "-" + checksum(fresh) + ".jsa");
    // Workers may run as another user than who makes it; it holds nothing of an app.
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("r--r--r--"));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    List<Path> archives = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.jsa")) {
      all.forEach(archives::add);
    }
    archives.sort(Comparator.comparing((Path path) -> path.toFile().lastModified()).reversed());
    for (Path old : archives.subList(Math.min(KEPT, archives.size()), archives.size())) {
      Files.deleteIfExists(old);
    }
    return file;
  }

  static boolean isWhole(Path file) throws IOException {
    return file.getFileName().toString().endsWith("-" + checksum(file) + ".jsa");
  }

  private static String checksum(Path file) throws IOException {
    CRC32C sum = new CRC32C();
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
      while (channel.read(buffer) >= 0) {
        sum.update(buffer.flip());
        buffer.clear();
      }
    }
    return String.format("%08x", sum.getValue());
  }
}
