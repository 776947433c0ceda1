package dev.tidepool.posix;

import java.util.EnumSet;
import java.util.Set;

/** Program of {@link ProcessesTest}: prints the signals that it gets, and ends at TERM. */
final class SignalPrinter {
  static final Set<Signal> SIGNALS =
      EnumSet.of(
          Signal.HUP,
          Signal.INT,
          Signal.TERM,
          Signal.QUIT,
          Signal.USR1,
          Signal.USR2,
          Signal.WINCH,
          Signal.TTIN,
          Signal.TTOU);

  private SignalPrinter() {}

  public static void main(String[] args) {
    Posix posix = Posix.get();
    int fd = posix.signalDescriptor(SIGNALS);
    System.out.println("ready");
    Posix.ReceivedSignal next;
    do {
      next = posix.nextSignal(fd);
      System.out.println(next.signal() + " from " + next.senderPid() + " of " + next.senderUid());
    } while (next.signal() != Signal.TERM);
  }
}
