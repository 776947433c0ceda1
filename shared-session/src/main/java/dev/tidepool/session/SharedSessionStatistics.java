package dev.tidepool.session;

import io.undertow.server.session.SessionManagerStatistics;
import java.util.concurrent.TimeUnit;

/** Totals of the pool, kept in the header of the store. */
final class SharedSessionStatistics implements SessionManagerStatistics {
  private final ChronicleSessionStore store;
  private final SharedMemory memory;

  SharedSessionStatistics(ChronicleSessionStore store) {
    this.store = store;
    this.memory = store.memory();
  }

  void created() {
    memory.getAndAdd(StoreLayout.CREATED_AT, 1);
    raise(StoreLayout.HIGHEST_AT, memory.get(StoreLayout.SESSIONS_AT));
  }

  void ended(long livedMillis) {
    long seconds = TimeUnit.MILLISECONDS.toSeconds(livedMillis);
    memory.getAndAdd(StoreLayout.ENDED_AT, 1);
    memory.getAndAdd(StoreLayout.LIVED_AT, seconds);
    raise(StoreLayout.LONGEST_AT, seconds);
  }

  private void raise(int at, long value) {
    long seen = memory.get(at);
    while (value > seen && !memory.compareAndSet(at, seen, value)) {
      seen = memory.get(at);
    }
  }

  @Override
  public long getCreatedSessionCount() {
    return memory.get(StoreLayout.CREATED_AT);
  }

  @Override
  public long getMaxActiveSessions() {
    return store.statistics().capacity();
  }

  @Override
  public long getHighestSessionCount() {
    return memory.get(StoreLayout.HIGHEST_AT);
  }

  @Override
  public long getActiveSessionCount() {
    return store.statistics().sessions();
  }

  @Override
  public long getExpiredSessionCount() {
    return store.statistics().expired();
  }

  @Override
  public long getRejectedSessions() {
    return store.statistics().refused();
  }

  @Override
  public long getMaxSessionAliveTime() {
    return memory.get(StoreLayout.LONGEST_AT);
  }

  @Override
  public long getAverageSessionAliveTime() {
    return memory.get(StoreLayout.LIVED_AT) / Math.max(1, memory.get(StoreLayout.ENDED_AT));
  }

  @Override
  public long getStartTime() {
    return memory.get(StoreLayout.MADE_AT);
  }
}
