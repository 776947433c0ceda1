package dev.tidepool.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogLinesTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ";
  @TempDir Path directory;

  @Test
  void prefixesEveryLineOfEveryKind() throws Exception {
    Path log = directory.resolve("log");
    assertThat(start("slot=3 pid=1 gen=2", "debug", "kinds", log).waitFor()).isZero();

    List<String> lines = Files.readAllLines(log);
    assertThat(lines)
        .allMatch(line -> line.matches(TIME + "[A-Z]{3,5} {1,3}slot=3 pid=1 gen=2 .*"));
    List<String> texts = lines.stream().map(line -> line.substring(25)).toList();
    assertThat(texts)
        .contains(
            "ERROR slot=3 pid=1 gen=2 broken 1",
            "ERROR slot=3 pid=1 gen=2 java.lang.IllegalStateException: why",
            "WARN  slot=3 pid=1 gen=2 two",
            "WARN  slot=3 pid=1 gen=2 lines",
            "INFO  slot=3 pid=1 gen=2 {braces} {0}",
            "DEBUG slot=3 pid=1 gen=2 detail",
            "OUT   slot=3 pid=1 gen=2 half and half",
            "ERR   slot=3 pid=1 gen=2 bad",
            "OUT   slot=3 pid=1 gen=2 the end")
        .anyMatch(text -> text.startsWith("ERROR slot=3 pid=1 gen=2 \tat dev.tidepool.control."))
        .noneMatch(text -> text.contains("not shown"));
    assertThat(texts).filteredOn(text -> text.contains("é")).hasSize(2);
    assertThat(String.join("", texts)).doesNotContain("\uFFFD");
  }

  @Test
  void linesOfTwoProcessesNeverMixInAFile() throws Exception {
    Path log = directory.resolve("log");
    Process first = start("a", "info", "flood", log);
    Process second = start("b", "info", "flood", log);
    assertThat(first.waitFor()).isZero();
    assertThat(second.waitFor()).isZero();

    List<String> lines = Files.readAllLines(log);
    assertThat(lines).hasSize(8000);
    assertThat(lines).allMatch(line -> line.matches(TIME + "(INFO |OUT  ) (a a{100}|b b{100})"));
  }

  @Test
  void showsWarningsOnlyIfAskedTo() throws Exception {
    Path log = directory.resolve("log");
    assertThat(start("master", "WARN", "kinds", log).waitFor()).isZero();

    assertThat(Files.readString(log)).contains("WARN  master two").doesNotContain("{braces}");
  }

  private static Process start(String identity, String level, String what, Path log)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(LogPrinter.class.getName(), identity, level, what));
    File file = log.toFile();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(file))
        .start();
  }
}
