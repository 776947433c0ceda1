package dev.tidepool.worker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The entrances of this worker by the addresses that their listeners are bound to. */
final class Entrances {
  private final Map<String, Entrance> byAddress = new ConcurrentHashMap<>();

  void put(String address, Entrance entrance) {
    byAddress.put(address, entrance);
  }

  /**
   * The entrance for a connection that a sibling accepted, perhaps one of another generation; null
   * if something else is spoken there now, and the connection cannot be served.
   */
  @Nullable Entrance of(HandOver handOver) {
    Entrance own = byAddress.get(handOver.listener());
    if (own != null && own.kind() == handOver.kind()) {
      return own;
    }
    return Entrance.isPlain(handOver.kind()) ? Entrance.plain(handOver.unix()) : null;
  }
}
