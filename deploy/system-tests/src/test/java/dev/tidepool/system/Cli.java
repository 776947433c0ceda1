package dev.tidepool.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a command to its end. */
final class Cli {
  private Cli() {}

  /** Exit code, and stdout and stderr in the order they came. */
  record Result(int exitCode, String output) {}

  /** Runs {@code command}; fails if it takes longer than {@code limit}. */
  static Result run(Duration limit, Map<String, String> environment, List<String> command) {
    Path output = null;
    try {
      output = Files.createTempFile("tidepool-cli", ".out");
      var builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
      builder.redirectInput(Path.of("/dev/null").toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      if (!process.waitFor(limit.toSeconds(), SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            command + " still ran after " + limit + ":\n" + Files.readString(output, UTF_8));
      }
      return new Result(process.exitValue(), Files.readString(output, UTF_8));
    } catch (IOException e) {
      throw new AssertionError(command + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(command + " interrupted", e);
    } finally {
      delete(output);
    }
  }

  /** Runs a command that needs nothing of the environment and must succeed; its output. */
  static String run(String... command) {
    Result result = run(Duration.ofMinutes(1), Map.of(), new ArrayList<>(List.of(command)));
    if (result.exitCode() != 0) {
      throw new AssertionError(String.join(" ", command) + " -> " + result);
    }
    return result.output();
  }

  private static void delete(@org.jspecify.annotations.Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
