package dev.tidepool.control;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Cuts what is printed into lines. */
final class LineStream extends OutputStream {
  private static final int LONGEST = 8 * 1024;

  private final LineWriter lines;
  private final String level;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  LineStream(LineWriter lines, String level) {
    this.lines = lines;
    this.level = level;
  }

  @Override
  public synchronized void write(int b) {
    if (b == '\n') {
      lines.write(level, line.toString(StandardCharsets.UTF_8));
      line.reset();
      return;
    }
    line.write(b);
    if (line.size() >= LONGEST) {
      endLine();
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      write(bytes[i]);
    }
  }

  /** Writes what is there of a line. */
  synchronized void endLine() {
    if (line.size() > 0) {
      lines.write(level, line.toString(StandardCharsets.UTF_8));
      line.reset();
    }
  }
}
