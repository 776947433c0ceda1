package dev.tidepool.control;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Prefixes lines and writes them, as many whole ones at a time as a pipe takes in one piece. */
final class LineWriter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int PIPE_BUF = 4096; // pipe(7)

  private final OutputStream out;
  private final Supplier<String> identity;
  private @Nullable LogTail tail;

  LineWriter(OutputStream out, Supplier<String> identity) {
    this.out = out;
    this.identity = identity;
  }

  /** No buffer and no stream of the JDK in between: descriptor 1 may be put on another file. */
  static LineWriter toStdout(Supplier<String> identity) {
    return new LineWriter(new FileOutputStream(FileDescriptor.out), identity);
  }

  /** Shows the lines from now on there as well. */
  synchronized void copyTo(LogTail logTail) {
    tail = logTail;
  }

  /** Writes each line of {@code text}, prefixed. */
  void write(String level, String text) {
    String prefix = "%s %-5s %s ".formatted(TIME.format(Instant.now()), level, identity.get());
    var whole = new ByteArrayOutputStream();
    for (String content : text.isEmpty() ? List.of("") : text.lines().toList()) {
      byte[] line = (prefix + content + "\n").getBytes(StandardCharsets.UTF_8);
      if (whole.size() + line.length > PIPE_BUF) {
        write(whole);
      }
      whole.writeBytes(line);
    }
    write(whole);
  }

  private synchronized void write(ByteArrayOutputStream whole) {
    if (whole.size() == 0) {
      return;
    }
    byte[] lines = whole.toByteArray();
    if (tail != null) {
      tail.append(lines);
    }
    try {
      out.write(lines);
    } catch (IOException e) {
      // A full disk or a closed pipe: there is nowhere to say it, and serving matters more.
    }
    whole.reset();
  }
}
