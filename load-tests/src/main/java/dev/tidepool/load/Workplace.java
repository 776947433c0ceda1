package dev.tidepool.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What servers are started from.
 *
 * @param peers the module with the mains of other servers, built
 * @param scratch a directory for theirs
 * @param poolSettings of all pools
 * @param workerFlags JVM options of Tidepool's workers that mean something to others
 */
record Workplace(
    Path distribution,
    Path peers,
    Path scratch,
    List<String> poolSettings,
    List<String> workerFlags) {

  /** A pool with its settings; of two values for one the last counts. */
  TestedPool pool(int workers, String... settings) throws IOException, InterruptedException {
    return TestedPool.start(
        distribution,
        workers,
        Stream.concat(poolSettings.stream(), Stream.of(settings)).toArray(String[]::new));
  }

  /** The command of a main in the module of peers. */
  List<String> java(List<String> flags, String main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(peers.resolve("target/classes") + ":" + peers.resolve("target/lib") + "/*");
    command.add("dev.tidepool.peer." + main);
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return command;
  }

  /** A port of the loopback address that was free a moment ago. */
  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
