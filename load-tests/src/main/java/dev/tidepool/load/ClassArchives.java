package dev.tidepool.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where pools have the class archives of their workers, so that only one makes them. */
record ClassArchives(Path distribution, Path directory) {

  /** Those that outlive a benchmark, beside the distribution. */
  static ClassArchives shared(Path distribution) {
    return new ClassArchives(distribution, distribution.resolveSibling("archives"));
  }

  /** What a pool is told. */
  String setting() {
    return "class-archive.dir=" + directory;
  }

  /** Makes that of a pool with these settings, and that of the commands. */
  void make(String... settings) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(distribution.resolve("bin/tidepool").toString());
    command.add("archive");
    command.add("--set=run-dir=" + directory.resolveSibling(directory.getFileName() + "-run"));
    command.add("--set=" + setting());
    for (String each : settings) {
      command.add("--set=" + each);
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("no class archive: " + output);
    }
  }

  double megabytes() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes / 1048576.0;
    }
  }
}
