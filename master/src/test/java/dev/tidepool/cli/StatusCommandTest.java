package dev.tidepool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.master.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that are understood without a parser, and those that are left to it. */
class StatusCommandTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {"status --run-dir=DIR", "status --run-dir DIR", "status --json --run-dir DIR"})
  void asksInTheRunDirectory(String line) {
    String[] words = line.replace("DIR", directory.toString()).split(" ", -1);
    StatusCommand command = StatusCommand.asPlainlyAsked(words).orElseThrow();

    var errors = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      assertThat(command.call()).isEqualTo(ExitCode.NO_MASTER.number());
    } finally {
      System.setErr(before);
    }
    assertThat(errors.toString(StandardCharsets.UTF_8)).contains(directory.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status --run-dir",
        "status --run-dir=",
        "status --run-dir --json",
        "status --help",
        "status again",
        "--config x status",
        "reload"
      })
  void leavesOtherLinesToTheParser(String line) {
    assertThat(StatusCommand.asPlainlyAsked(line.split(" ", -1))).isEmpty();
  }

  @Test
  void mayBeAskedWithoutOptions() {
    assertThat(StatusCommand.asPlainlyAsked("status")).isPresent();
    assertThat(StatusCommand.asPlainlyAsked()).isEmpty();
  }
}
