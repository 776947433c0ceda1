package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCloseTest {
  @TempDir Path directory;

  @Test
  void refusesLaterCalls() {
    ChronicleSessionStore store = Stores.open(directory, 100);
    store.close();
    assertThatThrownBy(() -> store.get(Stores.key(1)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void waitsForWhoIsInside() throws Exception {
    ChronicleSessionStore store = Stores.open(directory, 100);
    byte[] value = Stores.value(1, 100);
    var inside = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    var write =
        CompletableFuture.runAsync(
            () ->
                store.update(
                    Stores.key(1),
                    old -> {
                      inside.countDown();
                      try {
                        leave.await();
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      return value;
                    }));
    inside.await();
    var close = CompletableFuture.runAsync(store::close);
    Poll.pause();
    assertThat(close).isNotDone();
    leave.countDown();
    write.join();
    close.join();
  }
}
