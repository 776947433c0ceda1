package dev.tidepool.system;

/** Ways in which a client can be let down, told apart. */
enum Failure {
  /** The connection was not accepted: refused, or reset while it was made. */
  REFUSED,
  /** Closed or reset before any byte of an answer, on a new connection. */
  LOST,
  /** The same on a connection whose last answer did not say {@code Connection: close}. */
  CLOSED_UNTOLD,
  /** The answer stopped half-way. */
  SHORT_ANSWER,
  /** A whole answer, but not 200. */
  WRONG_STATUS,
  /** A whole answer, but not one that was to be expected. */
  WRONG_ANSWER,
  /** No answer in time. */
  STALLED
}
