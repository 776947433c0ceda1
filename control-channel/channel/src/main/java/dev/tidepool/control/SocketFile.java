package dev.tidepool.control;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening Unix socket and its file, which is in its place only once owner and rights are right.
 */
final class SocketFile {
  private static final Logger log = LoggerFactory.getLogger(SocketFile.class);
  private static final int BACKLOG = 1024;

  private final Path path;
  private final UnixServerSocketChannel channel;
  private final @Nullable Object fileKey;

  private SocketFile(Path path, UnixServerSocketChannel channel, @Nullable Object fileKey) {
    this.path = path;
    this.channel = channel;
    this.fileKey = fileKey;
  }

  /** Opens {@code path}, in the place of a socket on which nobody answers any more. */
  static SocketFile open(Posix posix, Path path, Access access) throws IOException {
    int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > Posix.MAX_SOCKET_PATH_BYTES) {
      throw new BindException(
          "bind(unix:%s) failed: the path has %d bytes, a Unix socket's may have %d"
              .formatted(path, length, Posix.MAX_SOCKET_PATH_BYTES));
    }
    if (posix.answers(path)) {
      throw new BindException(
          "bind(unix:" + path + ") failed: someone answers there; is another master running?");
    }
    // A name of the same length, since one byte more may be one too many.
    Path fresh = path.resolveSibling("~" + path.getFileName().toString().substring(1));
    Files.deleteIfExists(fresh);
    UnixServerSocketChannel channel = UnixServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.socket().bind(new UnixSocketAddress(fresh.toFile()), BACKLOG);
      access.applyTo(fresh, posix);
      Object fileKey = fileKey(fresh);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      return new SocketFile(path, channel, fileKey);
    } catch (IOException | RuntimeException e) {
      channel.close();
      Files.deleteIfExists(fresh);
      throw e;
    }
  }

  UnixServerSocketChannel channel() {
    return channel;
  }

  /** Closes the socket and removes its file, unless another process has put its own there. */
  void close() {
    try {
      channel.close();
      if (Files.exists(path) && Objects.equals(fileKey, fileKey(path))) {
        Files.delete(path);
      }
    } catch (IOException e) {
      log.warn("closing {} failed: {}", path, e.toString());
    }
  }

  @Override
  public String toString() {
    return path.getFileName().toString();
  }

  /** Device and inode. */
  private static @Nullable Object fileKey(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }
}
