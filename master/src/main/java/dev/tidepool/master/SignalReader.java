package dev.tidepool.master;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Signal;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the signals of the master from a signalfd. The launcher starts the JVM with them blocked: a
 * JVM handles some itself and refuses QUIT to anyone.
 */
final class SignalReader {
  static final Set<Signal> HANDLED =
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

  private SignalReader() {}

  /** Starts the thread; {@code receiver} is called on it and should only enqueue. */
  static void start(Posix posix, Consumer<Posix.ReceivedSignal> receiver) {
    int descriptor = posix.signalDescriptor(HANDLED);
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                receiver.accept(posix.nextSignal(descriptor));
              }
            },
            "signals");
    thread.setDaemon(true);
    thread.start();
  }
}
