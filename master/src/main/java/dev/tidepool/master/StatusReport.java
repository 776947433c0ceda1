package dev.tidepool.master;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.WorkerSettings;
import dev.tidepool.control.LatencyHistogram;
import dev.tidepool.control.Scoreboard;
import dev.tidepool.control.WorkerIdentity;
import dev.tidepool.control.WorkerRecord;
import dev.tidepool.posix.Posix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of the pool as JSON: what {@code tidepool status --json} and {@code /-/status} show.
 */
final class StatusReport {
  private final Posix posix;
  private final ProcessSource processes;
  private final Scoreboard scoreboard;
  private final long startedAt;

  StatusReport(Posix posix, ProcessSource processes, Scoreboard scoreboard, long startedAt) {
    this.posix = posix;
    this.processes = processes;
    this.scoreboard = scoreboard;
    this.startedAt = startedAt;
  }

  private static List<String> listOf(@Nullable String address) {
    return address == null ? List.of() : List.of(address);
  }

  String json(Supervisor supervisor, MasterServers servers, long now) {
    Pool pool = supervisor.pool();
    Generation current = supervisor.reloads().current();
    Map<String, Object> listen = new LinkedHashMap<>();
    listen.put("http", current == null ? List.of() : current.addresses(false));
    listen.put("https", current == null ? List.of() : current.addresses(true));
    listen.put("admin", listOf(servers.adminAddress()));
    listen.put("agent", listOf(servers.agentAddress()));
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    root.put(
        "master", Map.of("pid", posix.pid(), "uptimeSeconds", (now - startedAt) / 1_000_000_000));
    root.put("generation", current == null ? 0 : current.number());
    root.put("reloading", supervisor.reloads().underWay());
    root.put("fallback", supervisor.reloads().fallback());
    Rollout rollout = supervisor.reloads().rollout();
    if (rollout != null) {
      root.put("rollout", rollout(rollout));
    }
    root.put("suspended", pool.suspended());
    root.put("wantedWorkers", supervisor.reloads().wantedSize());
    root.put("sizing", current == null ? null : sizing(supervisor.sizing(), current));
    root.put("served", pool.served());
    root.put("recycled", supervisor.recycling().count());
    root.put("listen", listen);
    root.put("apps", current == null ? List.of() : apps(current));
    root.put("poisonRequests", supervisor.poisons());
    root.put("workers", pool.all().stream().map(w -> worker(w, rollout, now)).toList());
    return ConfigValueFactory.fromMap(root).render(ConfigRenderOptions.concise());
  }

  private static List<Map<String, Object>> apps(Generation current) {
    List<Map<String, Object>> apps = new ArrayList<>();
    for (int i = 0; i < current.apps().size(); i++) {
      AppSettings app = current.settings().apps().get(i);
      apps.add(
          Map.of(
              "path", app.path().toString(),
              "context", app.context(),
              "hosts", app.hosts(),
              "hash", current.apps().get(i).hash()));
    }
    return apps;
  }

  private static Map<String, Object> sizing(Sizing sizing, Generation current) {
    WorkerSettings workers = current.settings().workers();
    return Map.of(
        "dynamic", workers.dynamic(),
        "min", workers.smallest(),
        "max", workers.largest(),
        "busy", sizing.lastBusy(),
        "waitingConnections", sizing.lastWaiting(),
        "why", sizing.why());
  }

  private Map<String, @Nullable Object> worker(Worker worker, @Nullable Rollout rollout, long now) {
    WorkerRecord record = scoreboard.record(worker.record());
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("role", rollout != null && rollout.tries(worker) ? "canary" : Pool.role(worker));
    map.put("slot", worker.slot() == WorkerIdentity.SPARE ? null : worker.slot());
    map.put("pid", worker.process().pid());
    map.put("generation", worker.generation().number());
    map.put("state", worker.state().toString());
    map.put("process", String.valueOf(processes.state(worker.process().pid())));
    map.put("uptimeSeconds", (now - worker.startedAt()) / 1_000_000_000);
    map.put("connections", record.connections());
    map.put("connectionLimit", worker.generation().settings().limits().connections());
    map.put("inFlight", record.inFlight());
    map.put("served", record.served());
    map.put("accepted", record.accepted());
    map.put("handedOver", record.handedOver());
    map.put("received", record.received());
    map.put("shed", record.shed());
    map.put("evicted", record.evicted());
    map.put("heartbeatAgeMillis", age(record.heartbeatNanos(), now));
    map.put("taskHeartbeatAgeMillis", age(record.taskHeartbeatNanos(), now));
    map.put("reason", worker.leaving());
    map.put("errors", record.errors());
    long[] latencies = record.latencies().counts();
    map.put("p50Micros", LatencyHistogram.quantileNanos(latencies, 0.5) / 1000);
    map.put("p99Micros", LatencyHistogram.quantileNanos(latencies, 0.99) / 1000);
    map.put("busyTasks", record.busyTasks());
    map.put("queuedTasks", record.queuedTasks());
    map.put("loopLagMillis", record.loopLagNanos() / 1_000_000);
    map.put("gcMillis", record.gcMillis());
    map.put("youngBytes", worker.young().isKnown() ? worker.young().bytes() : null);
    map.put("youngWhy", worker.young().why());
    map.put("youngCollections", record.youngCollections());
    map.put("youngMillis", record.youngMillis());
    map.put("allocatedBytes", record.allocated());
    map.put("promotedBytes", record.promoted());
    map.put("heapUsedBytes", record.heapUsed());
    map.put("heapMaxBytes", record.heapMax());
    map.put("directBytes", record.directMemory());
    ProcessVitals process = processes.vitals(worker.process().pid());
    if (process != null) {
      map.put("anonymousBytes", process.anonymous());
      map.put("fileBytes", process.file());
      map.put("sharedBytes", process.shared());
      map.put("pssBytes", process.proportional());
      map.put("descriptors", process.descriptors());
    }
    return map;
  }

  private static Map<String, Object> rollout(Rollout rollout) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("generation", rollout.target().number());
    map.put("phase", rollout.phase());
    Canary canary = rollout.canary();
    if (canary != null) {
      map.put(
          "canary",
          Map.of(
              "seconds", canary.seconds(),
              "waitsFor", canary.doubt(),
              "new", figures(canary.fresh()),
              "old", figures(canary.old())));
    }
    return map;
  }

  private static Map<String, Object> figures(CanaryFigures figures) {
    return Map.of(
        "requests", figures.requests(),
        "errors", figures.errors(),
        "p95Millis", figures.latencyNanos() / 1e6,
        "memoryBytes", figures.memoryBytes(),
        "summary", figures.toString());
  }

  private static @Nullable Long age(long heartbeatNanos, long now) {
    return heartbeatNanos == 0 ? null : (now - heartbeatNanos) / 1_000_000;
  }
}
