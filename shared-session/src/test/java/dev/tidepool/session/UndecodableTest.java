package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.session.ManagerSettings.WhenUndecodable;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.Session;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One worker may read the class of an attribute, the other may not. */
class UndecodableTest {
  private record Cart(String content) implements Serializable {}

  @TempDir Path directory;
  private SharedSessions writing;
  private SharedSessions reading;
  private Session written;

  @BeforeEach
  void open() {
    writing = open(directory.resolve("store"));
    reading = open(directory.resolve("store"));
    SharedSessionManager manager =
        manager(writing, List.of("dev.tidepool.session.*"), WhenUndecodable.FAIL);
    String id = manager.createSession(new HttpServerExchange(null), GivenId.nothing()).getId();
    written = Objects.requireNonNull(manager.getSession(id));
    written.setAttribute("cart", new Cart("pens"));
    written.setAttribute("name", "kept");
  }

  @AfterEach
  void close() {
    writing.close();
    reading.close();
  }

  private static SharedSessions open(Path store) {
    return SharedSessions.open(Stores.settings(store, 1000), () -> 0);
  }

  private static SharedSessionManager manager(
      SharedSessions sessions, List<String> allowed, WhenUndecodable whenUndecodable) {
    return sessions.manager(
        new ManagerSettings(
            "app", UndecodableTest.class.getClassLoader(), 1800, allowed, whenUndecodable));
  }

  private Session readBy(WhenUndecodable whenUndecodable) {
    SharedSessionManager manager = manager(reading, List.of(), whenUndecodable);
    return Objects.requireNonNull(manager.getSession(written.getId()));
  }

  @Test
  void dropsTheAttribute() {
    Session session = readBy(WhenUndecodable.DROP_ATTRIBUTE);

    assertThat(session.getAttribute("cart")).isNull();
    assertThat(session.getAttribute("name")).isEqualTo("kept");
    assertThat(reading.store().statistics().undecodable()).isEqualTo(1);
    assertThat(written.getAttribute("cart")).isEqualTo(new Cart("pens"));
  }

  @Test
  void dropsTheSession() {
    Session session = readBy(WhenUndecodable.DROP_SESSION);

    assertThat(session.getAttribute("cart")).isNull();
    assertThat(session.isInvalid()).isTrue();
    assertThat(reading.store().statistics().sessions()).isZero();
  }

  @Test
  void fails() {
    Session session = readBy(WhenUndecodable.FAIL);

    assertThatThrownBy(() -> session.getAttribute("cart"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cart");
    assertThat(session.getAttribute("name")).isEqualTo("kept");
  }
}
