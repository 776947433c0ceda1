package dev.tidepool.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What an operator may do to the store while it is in use: {@code tidepool sessions …}. */
public final class SessionAdmin {
  private final ChronicleSessionStore store;
  private final StoreVerifier verifier;

  SessionAdmin(ChronicleSessionStore store) {
    this.store = store;
    this.verifier = new StoreVerifier(store);
  }

  /**
   * A session without the values of its attributes, which may be secret.
   *
   * @param bytes of the whole
   * @param expires {@link Instant#MAX} for never
   */
  public record Shown(
      String app,
      String id,
      int bytes,
      long version,
      Instant created,
      Instant accessed,
      Instant expires,
      List<Attribute> attributes) {}

  /** An attribute; the tag is that of its codec. */
  public record Attribute(String name, int tag, int bytes) {}

  public StoreStatistics statistics() {
    return store.statistics();
  }

  public Optional<Shown> show(String app, String id) {
    byte[] value = SessionKey.isValidId(id) ? store.get(SessionKey.of(app, id)) : null;
    if (value == null
        || StoredValue.isEnding(value)
        || StoredValue.deadlineMillis(value) <= System.currentTimeMillis()) {
      return Optional.empty();
    }
    SessionRecord session = SessionRecord.decode(value);
    boolean endless = session.deadlineMillis == Long.MAX_VALUE;
    return Optional.of(
        new Shown(
            app,
            id,
            value.length,
            session.version,
            Instant.ofEpochMilli(session.createdMillis),
            Instant.ofEpochMilli(session.accessedMillis),
            endless ? Instant.MAX : Instant.ofEpochMilli(session.deadlineMillis),
            session.attributes.entrySet().stream()
                .map(
                    e -> new Attribute(e.getKey(), e.getValue().tag(), e.getValue().bytes().length))
                .toList()));
  }

  /**
   * Ends a session at the next tick of the pool's sweeper, with the app's listeners; until then
   * nobody finds it.
   *
   * @return false if there is none
   */
  public boolean drop(String app, String id) {
    if (!SessionKey.isValidId(id)) {
      return false;
    }
    return store.update(
            SessionKey.of(app, id),
            current -> {
              if (current == null) {
                return null;
              }
              byte[] over = current.clone();
              StoredValue.deadlineMillis(over, 0);
              return over;
            })
        != null;
  }

  /** Looks at every segment in turn, each for about as long as a repair would take. */
  public StoreVerifier.Verdict verify() {
    return verifier.verify();
  }
}
