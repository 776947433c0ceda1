package dev.tidepool.posix;

import java.util.Optional;
import java.util.stream.Stream;

/** Signals with their numbers on Linux (x86 and ARM); signal(7). */
public enum Signal {
  HUP(1),
  INT(2),
  QUIT(3),
  ILL(4),
  TRAP(5),
  ABRT(6),
  BUS(7),
  FPE(8),
  KILL(9),
  USR1(10),
  SEGV(11),
  USR2(12),
  PIPE(13),
  ALRM(14),
  TERM(15),
  CONT(18),
  STOP(19),
  TTIN(21),
  TTOU(22),
  XCPU(24),
  XFSZ(25),
  WINCH(28);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** The signal with this number, or empty for one that Tidepool has no use for. */
  public static Optional<Signal> ofNumber(int number) {
    return Stream.of(values()).filter(signal -> signal.number == number).findFirst();
  }
}
