package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.session.Session;
import io.undertow.server.session.SessionListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two apps of a pool whose clients carry one id to both. */
class CrossAppTest {
  @TempDir Path directory;
  private SharedSessions sessions;
  private SharedSessionManager shop;
  private SharedSessionManager blog;

  @BeforeEach
  void open() {
    sessions = SharedSessions.open(Stores.settings(directory.resolve("store"), 1000), () -> 0);
    shop = manager("shop");
    blog = manager("blog");
  }

  @AfterEach
  void close() {
    sessions.close();
  }

  private SharedSessionManager manager(String app) {
    SharedSessionManager manager =
        sessions.manager(
            new ManagerSettings(
                app,
                getClass().getClassLoader(),
                1800,
                List.of(),
                ManagerSettings.WhenUndecodable.FAIL));
    manager.start();
    return manager;
  }

  private static Session create(SharedSessionManager manager, GivenId given) {
    return manager.createSession(new HttpServerExchange(null), given);
  }

  @Test
  void adoptTheIdThatTheOtherGave() {
    String id = create(shop, GivenId.nothing()).getId();

    assertThat(create(blog, GivenId.byClient(id)).getId()).isEqualTo(id);
  }

  @Test
  void adoptNoIdThatNobodyGave() {
    String id = "chosen-by-an-attacker";

    assertThat(create(blog, GivenId.byClient(id)).getId()).isNotEqualTo(id);
  }

  @Test
  void adoptNoIdOfASessionThatHasEnded() {
    Session ended = create(shop, GivenId.nothing());
    ended.invalidate(null);

    assertThat(create(blog, GivenId.byClient(ended.getId())).getId()).isNotEqualTo(ended.getId());
  }

  @Test
  void refuseToMakeOneSessionTwice() {
    String id = create(shop, GivenId.nothing()).getId();

    assertThatThrownBy(() -> create(shop, GivenId.byContainer(id)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void makeASessionInPlaceOfOneWhoseTimeIsOver() {
    String id = create(shop, GivenId.nothing()).getId();
    create(blog, GivenId.byContainer(id)).setAttribute("old", "x");
    List<String> ended = new ArrayList<>();
    blog.registerSessionListener(
        new SessionListener() {
          @Override
          public void sessionDestroyed(
              Session session,
              @Nullable HttpServerExchange exchange,
              SessionDestroyedReason reason) {
            ended.add(session.getId() + reason);
          }
        });
    sessions
        .store()
        .update(
            blog.key(id),
            stored -> {
              byte[] over = Objects.requireNonNull(stored).clone();
              StoredValue.deadlineMillis(over, 1);
              return over;
            });

    assertThat(create(blog, GivenId.byContainer(id)).getAttributeNames()).isEmpty();

    assertThat(ended).containsExactly(id + "TIMEOUT");
  }
}
