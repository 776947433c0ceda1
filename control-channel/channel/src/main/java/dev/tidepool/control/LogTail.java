package dev.tidepool.control;

import java.nio.charset.StandardCharsets;

/**
 * The last lines that a worker logged: a ring of bytes. By one thread at a time.
 *
 * <pre>
 *  0                      8              6144
 *  | bytes ever written   | ring         |
 * </pre>
 */
public final class LogTail {
  static final int SIZE = 6144;

  private static final int RING = 8;
  private static final int LENGTH = SIZE - RING;

  private final Cells cells;

  LogTail(Cells cells) {
    this.cells = cells;
  }

  /** Appends whole lines, in UTF-8. */
  public void append(byte[] lines) {
    long written = cells.getLong(0);
    int from = Math.max(0, lines.length - LENGTH);
    int at = (int) ((written + from) % LENGTH);
    int length = lines.length - from;
    int first = Math.min(length, LENGTH - at);
    cells.write(RING + at, lines, from, first);
    cells.write(RING, lines, from + first, length - first);
    cells.setLongRelease(0, written + lines.length);
  }

  /** The whole lines that are still there, oldest first. */
  public String text() {
    long written = cells.getLongAcquire(0);
    byte[] ring = new byte[LENGTH];
    cells.read(RING, ring);
    int length = (int) Math.min(written, LENGTH);
    byte[] lines = new byte[length];
    for (int i = 0; i < length; i++) {
      lines[i] = ring[(int) ((written - length + i) % LENGTH)];
    }
    String text = new String(lines, StandardCharsets.UTF_8);
    return written > LENGTH ? text.substring(text.indexOf('\n') + 1) : text;
  }
}
