package dev.tidepool.session;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the writers of a chaos run know, in a mapped file so that it outlives them. Per session,
 * written by one process: the number of the last write that was acknowledged and of the last that
 * was tried. Per process: operations done, longest operation since the parent looked. For all:
 * whether to hurry.
 */
final class ChaosLedger {
  static final int SESSIONS = 300;
  private static final int PROCESSES = 16;
  private static final int HURRY_AT = (SESSIONS + PROCESSES) * 16;
  private static final int BYTES = HURRY_AT + 16;

  private final SharedMemory memory;

  private ChaosLedger(SharedMemory memory) {
    this.memory = memory;
  }

  static ChaosLedger create(Path file) throws IOException {
    Files.createFile(file);
    try (RandomAccessFile sized = new RandomAccessFile(file.toFile(), "rw")) {
      sized.setLength(BYTES);
    }
    return open(file);
  }

  static ChaosLedger open(Path file) throws IOException {
    return new ChaosLedger(SharedMemory.map(file, BYTES));
  }

  long acknowledged(int session) {
    return memory.get(session * 16);
  }

  void acknowledged(int session, long number) {
    memory.set(session * 16, number);
  }

  long tried(int session) {
    return memory.get(session * 16 + 8);
  }

  void tried(int session, long number) {
    memory.set(session * 16 + 8, number);
  }

  long operations(int process) {
    return memory.get((SESSIONS + process) * 16);
  }

  void done(int process, long nanos) {
    int at = (SESSIONS + process) * 16;
    memory.set(at, memory.get(at) + 1);
    if (nanos > memory.get(at + 8)) {
      memory.set(at + 8, nanos);
    }
  }

  long takeLongestNanos(int process) {
    return memory.getAndSet((SESSIONS + process) * 16 + 8, 0);
  }

  /** Without haste writers leave the processors to those that start. */
  boolean isHurried() {
    return memory.get(HURRY_AT) != 0;
  }

  void hurry(boolean hurried) {
    memory.set(HURRY_AT, hurried ? 1 : 0);
  }

  /** The two names that a session moves between. */
  static byte[][] names(int session) {
    return new byte[][] {
      SessionKey.of("app", "session-" + session + "-a"),
      SessionKey.of("app", "session-" + session + "-b")
    };
  }
}
