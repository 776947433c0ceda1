package dev.tidepool.session;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts processes with the class path and the module flags of this one. */
final class Children {
  private Children() {}

  static Process start(Class<?> main, Path log, String... args) throws IOException {
    return command(main, log, args)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** One that reads orders and writes answers; only what it writes as errors goes to the log. */
  static Process talking(Class<?> main, Path log, String... args) throws IOException {
    return command(main, log, args)
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static ProcessBuilder command(Class<?> main, Path log, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--add-")) {
        command.add(argument);
      }
    }
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("-Xmx64m", "-ea"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    // Beside its log falls what a JVM leaves behind that crashes.
    return new ProcessBuilder(command).directory(log.resolveSibling(".").toFile());
  }
}
