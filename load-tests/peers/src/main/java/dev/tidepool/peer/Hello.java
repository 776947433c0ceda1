package dev.tidepool.peer;

/** What the demo app answers to {@code /hello}. */
final class Hello {
  static final String PATH = "/hello";
  static final String TYPE = "text/plain; charset=UTF-8";
  static final String TEXT = "Hello from Tidepool, pid=" + ProcessHandle.current().pid() + "\n";

  private Hello() {}
}
