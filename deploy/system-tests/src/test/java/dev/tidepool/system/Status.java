package dev.tidepool.system;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.util.List;

/** What {@code tidepool status --json} says, as far as the tests look at it. */
record Status(
    int masterPid,
    int generation,
    boolean reloading,
    List<String> http,
    List<String> https,
    List<String> admin,
    List<Worker> workers,
    Config json) {

  /** One worker; {@code slot} is -1 for one in no slot. */
  record Worker(String role, int slot, int pid, int generation, String state) {
    boolean serves() {
      return role.equals("slot") && state.equals("serving");
    }

    boolean isSpare() {
      return role.equals("spare");
    }

    boolean isReadySpare() {
      return isSpare() && state.equals("standby");
    }
  }

  static Status parse(String text) {
    Config json = ConfigFactory.parseString(text);
    return new Status(
        json.getInt("master.pid"),
        json.getInt("generation"),
        json.getBoolean("reloading"),
        addresses(json, "listen.http"),
        addresses(json, "listen.https"),
        addresses(json, "listen.admin"),
        json.getConfigList("workers").stream().map(Status::worker).toList(),
        json);
  }

  /** Pids of the workers in slots, by slot. */
  List<Integer> pids() {
    return workers.stream()
        .filter(worker -> worker.role().equals("slot"))
        .sorted((a, b) -> Integer.compare(a.slot(), b.slot()))
        .map(Worker::pid)
        .toList();
  }

  List<Worker> serving() {
    return workers.stream().filter(Worker::serves).toList();
  }

  List<Worker> spares() {
    return workers.stream().filter(Worker::isSpare).toList();
  }

  /** Host and port of a TCP address as the status writes it. */
  static InetSocketAddress tcp(String address) {
    int colon = address.lastIndexOf(':');
    String host = address.substring(0, colon).replace("[", "").replace("]", "");
    return new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1)));
  }

  private static Worker worker(Config at) {
    return new Worker(
        at.getString("role"),
        at.hasPath("slot") ? at.getInt("slot") : -1,
        at.getInt("pid"),
        at.getInt("generation"),
        at.getString("state"));
  }

  private static List<String> addresses(Config json, String key) {
    if (!json.hasPath(key)) {
      return List.of();
    }
    return json.getValue(key).unwrapped() instanceof String one
        ? List.of(one)
        : json.getStringList(key);
  }
}
