package dev.tidepool.control;

/** What an operator asks of the master over {@code control.sock}, and its answer. */
public sealed interface OperatorMessage extends Message {

  record Status() implements OperatorMessage {}

  /** Reload; waits for the verdict if {@code awaitVerdict}, else answers when it is queued. */
  record Reload(boolean awaitVerdict) implements OperatorMessage {}

  record Stop(boolean fast) implements OperatorMessage {}

  /** Serve with {@code count} workers. */
  record Scale(int count) implements OperatorMessage {}

  record ReopenLogs() implements OperatorMessage {}

  /** Drain all workers and start none until the next reload or scale. */
  record Drain() implements OperatorMessage {}

  /** A question about the session store; {@code id} names a session, or is empty. */
  record Sessions(SessionQuestion question, String id) implements OperatorMessage {}

  /**
   * The answer: exit code of the command, and text (JSON for {@link Status} and {@link Sessions}).
   */
  record Reply(int exitCode, String text) implements OperatorMessage {}
}
