package dev.tidepool.control;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What can be asked of the session store, with the number that frames hold. */
public enum SessionQuestion {
  /** Count, bytes, capacity and counters of the store; names no session. */
  STATISTICS(0),
  /** One session, without the values of its attributes. */
  SHOW(1),
  /** End one session. */
  DROP(2),
  /** Look at the whole store; names no session. */
  VERIFY(3);

  private static final SessionQuestion[] ALL = values();
  private final int code;

  SessionQuestion(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static @Nullable SessionQuestion of(int code) {
    return code >= 0 && code < ALL.length ? ALL[code] : null;
  }

  /** As users see it, in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
