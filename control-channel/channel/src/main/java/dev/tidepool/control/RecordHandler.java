package dev.tidepool.control;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Writes what is logged: the message, and the stack trace of its exception. */
final class RecordHandler extends Handler {
  private static final Formatter PARAMETERS = new SimpleFormatter();

  private final LineWriter lines;

  RecordHandler(LineWriter lines) {
    this.lines = lines;
  }

  @Override
  public void publish(LogRecord record) {
    if (!isLoggable(record)) {
      return;
    }
    String text = PARAMETERS.formatMessage(record);
    if (record.getThrown() != null) {
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace));
      text += "\n" + trace;
    }
    lines.write(LogLevel.of(record.getLevel()).name(), text);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
