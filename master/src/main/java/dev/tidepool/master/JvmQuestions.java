package dev.tidepool.master;

import dev.tidepool.conf.IncidentSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a JVM by jcmd, which it answers on a thread that no app can block. */
final class JvmQuestions {
  private static final Logger log = LoggerFactory.getLogger(JvmQuestions.class);
  private static final int LIMIT_MILLIS = 1500;
  private static final int DUMP_LIMIT_MILLIS = 30_000;

  private final int pid;
  private final Path jcmd;

  JvmQuestions(int pid, JavaHome java) {
    this.pid = pid;
    this.jcmd = java.path().resolve("bin/jcmd");
  }

  /** Puts the answers into files of this directory. */
  void ask(Path report, IncidentSettings settings) throws IOException {
    Path threads = report.resolve("threads.txt");
    if (!Files.isExecutable(jcmd)) {
      Files.writeString(
          threads, "no thread dump: there is no " + jcmd + " (a JDK has it, a JRE not)\n");
      return;
    }
    Process dump = start(threads, "Thread.print", "-l");
    Process heap = start(report.resolve("heap.txt"), "GC.heap_info");
    await(dump, threads, LIMIT_MILLIS);
    await(heap, report.resolve("heap.txt"), LIMIT_MILLIS);
    if (settings.flightRecorder()) {
      Path log = report.resolve("flight.txt");
      String file = "filename=" + report.resolve("flight.jfr");
      await(start(log, "JFR.dump", file), log, DUMP_LIMIT_MILLIS);
    }
    if (settings.heapDump()) {
      Path log = report.resolve("heap-dump.txt");
      String file = report.resolve("heap.hprof").toString();
      await(start(log, "GC.heap_dump", file), log, DUMP_LIMIT_MILLIS);
    }
  }

  private Process start(Path into, String... question) throws IOException {
    var command = new ArrayList<>(List.of(jcmd.toString(), String.valueOf(pid)));
    command.addAll(List.of(question));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(into.toFile())
        .start();
  }

  private void await(Process answer, Path into, int limitMillis) throws IOException {
    try {
      if (!answer.waitFor(limitMillis, TimeUnit.MILLISECONDS)) {
        log.warn("pid {} gave no {} within {} ms", pid, into.getFileName(), limitMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      answer.destroyForcibly();
    }
    if (Files.size(into) == 0) {
      Files.writeString(into, "the process gave no answer within " + limitMillis + " ms\n");
    }
  }
}
