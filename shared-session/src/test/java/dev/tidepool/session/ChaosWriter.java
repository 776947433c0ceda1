package dev.tidepool.session;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.Signal;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of a chaos run: writes, moves and reads until it is killed, from outside or by itself
 * at a planted point inside the guarded section.
 */
final class ChaosWriter {
  private static final long PAUSE_NANOS = 200_000;

  private final ChronicleSessionStore store;
  private final ChaosLedger ledger;
  private final int process;
  private final int processes;
  private final Random random = new Random();

  private ChaosWriter(ChronicleSessionStore store, ChaosLedger ledger, int process, int processes) {
    this.store = store;
    this.ledger = ledger;
    this.process = process;
    this.processes = processes;
  }

  /** Arguments: directory, ledger, process, processes, and a planted point or "-". */
  public static void main(String[] args) throws Exception {
    StoreProbe probe = args[4].equals("-") ? StoreProbe.NONE : killAt(args[4]);
    var store =
        ChronicleSessionStore.open(
            settings(Path.of(args[0])), () -> Integer.parseInt(args[2]), probe);
    var ledger = ChaosLedger.open(Path.of(args[1]));
    var writer =
        new ChaosWriter(store, ledger, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    while (true) {
      writer.step();
    }
  }

  static StoreSettings settings(Path directory) {
    return Stores.persistent(directory, 800);
  }

  private static StoreProbe killAt(String planted) {
    StoreProbe.Point wanted = StoreProbe.Point.valueOf(planted);
    int[] pass = {new Random().nextInt(wanted.compareTo(StoreProbe.Point.READING) > 0 ? 1 : 200)};
    return point -> {
      if (point == wanted && pass[0]-- == 0) {
        Posix.get().kill(Posix.get().pid(), Signal.KILL);
      }
    };
  }

  private void step() {
    int session = random.nextInt(ChaosLedger.SESSIONS / processes) * processes + process;
    long start = System.nanoTime();
    switch (random.nextInt(4)) {
      case 0 -> read(random.nextInt(ChaosLedger.SESSIONS));
      case 1 -> move(session);
      default -> write(session);
    }
    ledger.done(process, System.nanoTime() - start);
    if (!ledger.isHurried()) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void read(int session) {
    for (byte[] name : ChaosLedger.names(session)) {
      byte[] value = store.get(name);
      if (value != null && Stores.number(value) < 0) {
        throw new AssertionError("torn: session " + session);
      }
    }
  }

  private void write(int session) {
    long number = ledger.tried(session) + 1;
    ledger.tried(session, number);
    byte[][] names = ChaosLedger.names(session);
    byte[] name = store.get(names[1]) == null ? names[0] : names[1];
    // Half of them as long as what is there, since such are written in another way.
    boolean sameLength = random.nextBoolean();
    store.update(
        name,
        old ->
            Stores.value(
                number,
                sameLength && old != null ? Stores.bytesToFill(old) : 1 + random.nextInt(600)));
    ledger.acknowledged(session, number);
  }

  private void move(int session) {
    long number = ledger.tried(session) + 1;
    ledger.tried(session, number);
    byte[] value = Stores.value(number, 1 + random.nextInt(600));
    byte[][] names = ChaosLedger.names(session);
    byte[] moved = store.move(names[0], names[1], old -> value);
    if (moved == null) {
      moved = store.move(names[1], names[0], old -> value);
    }
    if (moved != null) {
      ledger.acknowledged(session, number);
    }
  }
}
