package dev.tidepool.control;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The log of this process, on descriptor 1, which is stdout or the log file: every line has time,
 * level, the identity of the process and the text.
 *
 * <pre>
 *  2026-11-21T14:33:00.123Z INFO  slot=3 pid=4711 gen=2 serving
 * </pre>
 *
 * Each process writes for itself. Lines of several processes do not mix, for each is one write; on
 * a pipe that holds for lines of up to 4096 bytes.
 */
public final class LogLines {
  private static volatile @Nullable LineWriter writer;

  private LogLines() {}

  /**
   * Takes over java.util.logging, which is behind slf4j. {@code level} is the least that is
   * written: ERROR, WARN, INFO, DEBUG or TRACE. {@code identity} is asked for every line, since a
   * spare becomes a slot.
   */
  public static void start(String level, Supplier<String> identity) {
    LogLevel least = LogLevel.valueOf(level.toUpperCase(Locale.ROOT));
    LineWriter lines = LineWriter.toStdout(identity);
    writer = lines;
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(least.level());
    root.addHandler(new RecordHandler(lines));
  }

  /** Keeps the last lines on the scoreboard as well, after {@link #start}. */
  public static void copyTo(LogTail tail) {
    started().copyTo(tail);
  }

  private static LineWriter started() {
    LineWriter lines = writer;
    if (lines == null) {
      throw new IllegalStateException("LogLines.start comes first");
    }
    return lines;
  }

  /**
   * Replaces System.out and System.err, after {@link #start}: what an app prints there is written
   * in lines of levels OUT and ERR. A line that has no end yet waits for it, or for 8 KiB, or the
   * end of the process.
   */
  public static void captureSystemOut() {
    LineWriter lines = started();
    LineStream out = new LineStream(lines, "OUT");
    LineStream err = new LineStream(lines, "ERR");
    System.setOut(new PrintStream(out, false, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, false, StandardCharsets.UTF_8));
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  out.endLine();
                  err.endLine();
                },
                "last-lines"));
  }
}
