package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More connections than the workers may have descriptors. */
final class DescriptorLimitIT {
  private static final int BEYOND_ALL_LIMITS = 600;

  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig("workers { count = 2, spares = 0, open-files = 256 }");

  @Test
  void connectionsBeyondItWaitAndNobodyIsToBlame() throws IOException {
    List<Integer> before = server.awaitServing(2).pids();
    List<HttpConnection> open = new ArrayList<>();
    for (int i = 0; i < BEYOND_ALL_LIMITS; i++) {
      open.add(HttpConnection.open(server.address()));
    }
    server.awaitLog("Too many open files");
    HttpConnection last = open.remove(open.size() - 1);
    last.send("GET", "/hello", new byte[0], "");
    for (HttpConnection each : open) {
      each.close();
    }
    assertThat(last.receive().status()).as("it waited in the queue").isEqualTo(200);
    last.close();
    assertThat(server.awaitServing(2).pids()).isEqualTo(before);
  }
}
