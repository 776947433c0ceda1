package dev.tidepool.master;

import dev.tidepool.conf.IncidentSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks a JVM by jcmd, which it answers on a thread that no app can block. */
final class JvmQuestions {
  private static final int DUMP_LIMIT_MILLIS = 30_000;

  private final int pid;
  private final Path jcmd;
  private final Account account;
  private final Path scratch;

  /** {@code scratch} is where the JVM itself may write. */
  JvmQuestions(int pid, JavaHome java, Account account, Path scratch) {
    this.pid = pid;
    this.jcmd = java.path().resolve("bin/jcmd");
    this.account = account;
    this.scratch = scratch;
  }

  /** Puts the answers into files of this directory. */
  void ask(Path report, IncidentSettings settings) throws IOException {
    Path threads = report.resolve("threads.txt");
    if (!Files.isExecutable(jcmd)) {
      Files.writeString(
          threads, "no thread dump: there is no " + jcmd + " (a JDK has it, a JRE not)\n");
      return;
    }
    long limit = settings.answerTimeout().toMillis();
    ask(threads, limit, "Thread.print", "-l");
    ask(report.resolve("heap.txt"), limit, "GC.heap_info");
    if (settings.flightRecorder()) {
      Path file = scratch.resolve(pid + ".jfr");
      ask(report.resolve("flight.txt"), DUMP_LIMIT_MILLIS, "JFR.dump", "filename=" + file);
      take(file, report.resolve("flight.jfr"));
    }
    if (settings.heapDump()) {
      Path file = scratch.resolve(pid + ".hprof");
      ask(report.resolve("heap-dump.txt"), DUMP_LIMIT_MILLIS, "GC.heap_dump", file.toString());
      take(file, report.resolve("heap.hprof"));
    }
  }

  /** If the JVM wrote none, its answer says why, and the rest of the evidence is still wanted. */
  private static void take(Path written, Path into) throws IOException {
    if (Files.exists(written)) {
      Files.move(written, into);
    }
  }

  private void ask(Path into, long limitMillis, String... question) throws IOException {
    var command = new ArrayList<>(account.command());
    command.addAll(List.of(jcmd.toString(), String.valueOf(pid)));
    command.addAll(List.of(question));
    Path part = into.resolveSibling(into.getFileName() + ".part"); // nobody reads half of it
    Process answer =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(part.toFile()).start();
    try {
      if (!answer.waitFor(limitMillis, TimeUnit.MILLISECONDS)) {
        String late = "no whole answer within " + limitMillis + " ms (incidents.answer-timeout)\n";
        Files.writeString(part, late, StandardOpenOption.APPEND);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      answer.destroyForcibly();
      Files.move(part, into);
    }
  }
}
