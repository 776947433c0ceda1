package dev.tidepool.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a socket open. The JVM opens and keeps files as it loads classes. */
final class DescriptorCount implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
  private List<String> before = List.of();

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    // The JDK keeps a socket for itself from its first channel of a kind on.
    ServerSocketChannel.open().close();
    ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    before = sockets();
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    assertThat(sockets()).isEqualTo(before);
  }

  private static List<String> sockets() throws IOException {
    try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
      return fds.map(DescriptorCount::target)
          .filter(target -> target.startsWith("socket:"))
          .sorted()
          .toList();
    }
  }

  private static String target(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString();
    } catch (IOException e) {
      return "gone"; // the descriptor of the listing itself
    }
  }
}
