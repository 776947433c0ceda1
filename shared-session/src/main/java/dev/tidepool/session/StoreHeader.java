package dev.tidepool.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The first two pages of the control file, see {@link StoreLayout}: what the files were made for,
 * and which processes have them open. Read through the file, not a mapping, until it is known to be
 * whole.
 *
 * @param exists whether there is a control or a map file
 * @param problem why the files cannot be used with these settings; empty if they can
 * @param livePid a process that has them open, or 0
 * @param sessions as counted in the header
 * @param sameRun whether the run of the settings opened them last
 */
record StoreHeader(boolean exists, String problem, int livePid, long sessions, boolean sameRun) {
  private static final String[] IDENTITY = {
    "magic",
    "layout version",
    "size of the control file",
    "size of the map file",
    "sessions.capacity",
    "average bytes",
    "maximum bytes",
    "segments",
    "journal records",
    "bytes of a journal record",
    "bytes of a picture",
    "locks in a segment"
  };
  private static final int SEGMENTS_INDEX = 7;

  /** Not alive: no process has pid 0. */
  private static final long DEAD = 1L << 32;

  static StoreHeader read(Path control, Path map, StoreSettings settings) throws IOException {
    boolean hasControl = Files.exists(control);
    boolean hasMap = Files.exists(map);
    if (!hasControl) {
      return new StoreHeader(
          hasMap, hasMap ? "there is a map file without a control file" : "", 0, 0, false);
    }
    if (Files.size(control) < StoreLayout.GUARDS_AT) {
      return broken(
          "the control file has "
              + Files.size(control)
              + " bytes, expected at least "
              + StoreLayout.GUARDS_AT);
    }
    ByteBuffer head = head(control);
    if (head.getLong(0) != StoreLayout.MAGIC) {
      return broken("the control file is not of a session store");
    }
    if (head.getLong(8) != StoreLayout.VERSION) {
      return broken(
          "the files have layout "
              + head.getLong(8)
              + ", this version reads "
              + StoreLayout.VERSION);
    }
    int live = livePid(head);
    long sessions = head.getLong(StoreLayout.SESSIONS_AT);
    boolean sameRun = head.getLong(StoreLayout.RUN_AT) == hash(settings.run());
    return new StoreHeader(true, problem(head, control, map, settings), live, sessions, sameRun);
  }

  private static String problem(ByteBuffer head, Path control, Path map, StoreSettings settings)
      throws IOException {
    if (head.getLong(StoreLayout.STATE_AT) != 1) {
      return "the control file is not complete";
    }
    String sizes = sizeProblem(control, head.getLong(StoreLayout.CONTROL_BYTES_AT));
    if (sizes.isEmpty()) {
      sizes =
          Files.exists(map)
              ? sizeProblem(map, head.getLong(StoreLayout.MAP_BYTES_AT))
              : map + " is missing";
    }
    if (!sizes.isEmpty()) {
      return sizes;
    }
    long[] wanted = layout(head).identity(settings, head.getLong(StoreLayout.MAP_BYTES_AT));
    wanted[SEGMENTS_INDEX] = StoreLayout.segmentsFor(settings);
    for (int i = 0; i < wanted.length; i++) {
      if (head.getLong(i * Long.BYTES) != wanted[i]) {
        return "made with "
            + IDENTITY[i]
            + " "
            + head.getLong(i * Long.BYTES)
            + ", the settings say "
            + wanted[i];
      }
    }
    if (livePid(head) != 0 && head.getLong(StoreLayout.POOL_AT) != hash(settings.pool())) {
      return "they belong to another pool; give each pool a sessions.dir of its own";
    }
    return "";
  }

  private static String sizeProblem(Path file, long expected) throws IOException {
    long size = Files.size(file);
    return size == expected ? "" : file + " has " + size + " bytes, expected " + expected;
  }

  private static StoreHeader broken(String problem) {
    return new StoreHeader(true, problem, 0, 0, false);
  }

  /** The layout of a file that {@link #read} found no problem with. */
  static StoreLayout layout(Path control) throws IOException {
    return layout(head(control));
  }

  private static StoreLayout layout(ByteBuffer head) {
    int at = SEGMENTS_INDEX * Long.BYTES;
    return new StoreLayout(
        (int) head.getLong(at),
        (int) head.getLong(at + 8),
        (int) head.getLong(at + 16),
        (int) head.getLong(at + 24),
        (int) head.getLong(at + 32));
  }

  static void write(SharedMemory memory, StoreLayout layout, StoreSettings settings, long mapBytes)
      throws IOException {
    long[] identity = layout.identity(settings, mapBytes);
    for (int i = 0; i < identity.length; i++) {
      memory.set(i * Long.BYTES, identity[i]);
    }
    memory.set(StoreLayout.MADE_AT, System.currentTimeMillis());
    memory.set(StoreLayout.BOOT_AT, bootId());
    memory.set(StoreLayout.POOL_AT, hash(settings.pool()));
    memory.set(StoreLayout.STATE_AT, 1);
    memory.force();
  }

  /**
   * For the first worker of a pool: whoever is still named as an owner has died, perhaps before a
   * reboot, after which pid and start may be those of someone else. What they left half done stays
   * marked and is repaired by whoever enters.
   */
  static void forgetOwners(SharedMemory memory, StoreLayout layout, StoreSettings settings)
      throws IOException {
    for (int segment = 0; segment < layout.segments(); segment++) {
      memory.set(layout.guardAt(segment), OwnerWord.NOBODY);
      for (int lock = 0; lock < layout.locksPerSegment(); lock++) {
        memory.set(layout.lockAt(segment, lock), OwnerWord.NOBODY);
      }
    }
    for (int record = 0; record < layout.records(); record++) {
      if (memory.get(layout.recordAt(record)) != OwnerWord.NOBODY) {
        memory.set(layout.recordAt(record), DEAD);
      }
    }
    for (int process = 0; process < StoreLayout.PROCESSES; process++) {
      memory.set(processAt(process), OwnerWord.NOBODY);
    }
    memory.set(StoreLayout.SWEEPER_AT, OwnerWord.NOBODY);
    memory.set(StoreLayout.BOOT_AT, bootId());
    memory.set(StoreLayout.POOL_AT, hash(settings.pool()));
  }

  /** Enters this process in the table. Only under the {@link OpenLock}. */
  static int attach(SharedMemory memory, StoreSettings settings, int slot) {
    memory.set(StoreLayout.RUN_AT, hash(settings.run()));
    for (int process = 0; process < StoreLayout.PROCESSES; process++) {
      long word = memory.get(processAt(process));
      if (word == OwnerWord.NOBODY || !OwnerWord.alive(word)) {
        memory.set(processAt(process) + 8, slot);
        memory.set(processAt(process), OwnerWord.mine());
        return process;
      }
    }
    throw new StoreException(
        StoreLayout.PROCESSES + " processes have the session store open, no more can");
  }

  static void detach(SharedMemory memory, int process) {
    memory.compareAndSet(processAt(process), OwnerWord.mine(), OwnerWord.NOBODY);
  }

  /** A process that has the files open, or 0. Of an earlier boot none can be alive. */
  static int livePid(SharedMemory memory) throws IOException {
    if (memory.get(StoreLayout.BOOT_AT) != bootId()) {
      return 0;
    }
    for (int process = 0; process < StoreLayout.PROCESSES; process++) {
      long word = memory.get(processAt(process));
      if (word != OwnerWord.NOBODY && OwnerWord.alive(word)) {
        return OwnerWord.pid(word);
      }
    }
    return 0;
  }

  private static int livePid(ByteBuffer head) throws IOException {
    if (head.getLong(StoreLayout.BOOT_AT) != bootId()) {
      return 0;
    }
    for (int process = 0; process < StoreLayout.PROCESSES; process++) {
      long word = head.getLong(processAt(process));
      if (word != OwnerWord.NOBODY && OwnerWord.alive(word)) {
        return OwnerWord.pid(word);
      }
    }
    return 0;
  }

  private static int processAt(int process) {
    return StoreLayout.HEADER_BYTES + process * StoreLayout.PROCESS_BYTES;
  }

  private static ByteBuffer head(Path control) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(StoreLayout.GUARDS_AT).order(ByteOrder.nativeOrder());
    try (FileChannel channel = FileChannel.open(control, StandardOpenOption.READ)) {
      while (head.hasRemaining() && channel.read(head) >= 0) {}
    }
    return head;
  }

  private static long bootId() throws IOException {
    return hash(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
  }

  private static long hash(String text) {
    long hash = 0;
    for (int i = 0; i < text.length(); i++) {
      hash = hash * 0x100000001b3L + text.charAt(i);
    }
    return hash;
  }
}
