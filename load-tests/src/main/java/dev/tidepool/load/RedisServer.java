package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Redis that listens on a Unix socket only and writes nothing to disk. */
final class RedisServer {
  private RedisServer() {}

  static Path socketIn(Path directory) {
    return directory.resolve("redis.sock");
  }

  static void start(Workbench bench) throws IOException, InterruptedException {
    Path socket = socketIn(bench.directory());
    Process process =
        bench.start(
            List.of(
                "redis-server",
                "--port",
                "0",
                "--unixsocket",
                socket.toString(),
                "--save",
                "",
                "--appendonly",
                "no"),
            bench.directory().resolve("redis.log"),
            false);
    while (!Files.exists(socket)) {
      if (!process.isAlive()) {
        throw new IOException(
            "redis-server ended: " + Files.readString(bench.directory().resolve("redis.log")));
      }
      Thread.sleep(10);
    }
  }
}
