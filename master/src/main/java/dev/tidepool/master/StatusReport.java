package dev.tidepool.master;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerIdentity;
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.posix.Posix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of the pool as JSON: what {@code tidepool status --json} and {@code /-/status} show.
 */
final class StatusReport {
  private final Posix posix;
  private final Scoreboard scoreboard;
  private final long startedAt;

  StatusReport(Posix posix, Scoreboard scoreboard, long startedAt) {
    this.posix = posix;
    this.scoreboard = scoreboard;
    this.startedAt = startedAt;
  }

  String json(Supervisor supervisor, @Nullable String adminAddress, long now) {
    Pool pool = supervisor.pool();
    Generation current = supervisor.reloads().current();
    Map<String, Object> listen = new LinkedHashMap<>();
    listen.put("http", current == null ? List.of() : current.addresses(false));
    listen.put("https", current == null ? List.of() : current.addresses(true));
    listen.put("admin", adminAddress == null ? List.of() : List.of(adminAddress));
    Map<String, Object> root = new LinkedHashMap<>();
    root.put(
        "master", Map.of("pid", posix.pid(), "uptimeSeconds", (now - startedAt) / 1_000_000_000));
    root.put("generation", current == null ? 0 : current.number());
    root.put("reloading", supervisor.reloads().underWay());
    root.put("suspended", pool.suspended());
    root.put("wantedWorkers", supervisor.reloads().wantedSize());
    root.put("served", pool.served());
    root.put("listen", listen);
    root.put("workers", pool.all().stream().map(w -> worker(w, now)).toList());
    return ConfigValueFactory.fromMap(root).render(ConfigRenderOptions.concise());
  }

  private Map<String, @Nullable Object> worker(Worker worker, long now) {
    WorkerRecord record = scoreboard.record(worker.record());
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("role", Pool.role(worker));
    map.put("slot", worker.slot() == WorkerIdentity.SPARE ? null : worker.slot());
    map.put("pid", worker.process().pid());
    map.put("generation", worker.generation().number());
    map.put("state", worker.state().toString());
    map.put("process", posix.stat(worker.process().pid()).map(s -> "" + s.state()).orElse("X"));
    map.put("uptimeSeconds", (now - worker.startedAt()) / 1_000_000_000);
    map.put("connections", record.connections());
    map.put("inFlight", record.inFlight());
    map.put("served", record.served());
    map.put("accepted", record.accepted());
    map.put("handedOver", record.handedOver());
    map.put("received", record.received());
    map.put("shed", record.shed());
    map.put("heartbeatAgeMillis", age(record.heartbeatNanos(), now));
    map.put("taskHeartbeatAgeMillis", age(record.taskHeartbeatNanos(), now));
    return map;
  }

  private static @Nullable Long age(long heartbeatNanos, long now) {
    return heartbeatNanos == 0 ? null : (now - heartbeatNanos) / 1_000_000;
  }
}
