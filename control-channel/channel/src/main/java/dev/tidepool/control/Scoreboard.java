package dev.tidepool.control;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One mapped file that master and workers share: a page of header, then a record per worker. It
 * survives its writers, so it can be read after a crash. Numbers are in native byte order.
 *
 * <pre>
 *  0       8         12        16            20        4096
 *  | magic | version | records | record size | unused  | record 0 | record 1 | ...
 * </pre>
 */
public final class Scoreboard implements AutoCloseable {
  private static final long MAGIC = 0x544944455343_4F52L; // "TIDESCOR"
  private static final int VERSION = 1;
  private static final int HEADER = 4096;
  private static final int MAX_RECORDS = 1 << 16;

  private final Path path;
  private WorkerRecord[] records;

  private Scoreboard(Path path, ByteBuffer mapped, int count) {
    this.path = path;
    ByteBuffer whole = mapped.order(ByteOrder.nativeOrder());
    this.records =
        IntStream.range(0, count)
            .mapToObj(i -> new WorkerRecord(whole, HEADER + i * WorkerRecord.SIZE))
            .toArray(WorkerRecord[]::new);
  }

  /** Makes a new scoreboard, all zero, in the place of one that may be there. */
  public static Scoreboard create(Path path, int records) throws IOException {
    if (records < 1 || records > MAX_RECORDS) {
      throw new IllegalArgumentException(records + " records, expected 1 to " + MAX_RECORDS);
    }
    var bytes = ByteBuffer.allocate(HEADER + records * WorkerRecord.SIZE);
    bytes
        .order(ByteOrder.nativeOrder())
        .putLong(0, MAGIC)
        .putInt(8, VERSION)
        .putInt(12, records)
        .putInt(16, WorkerRecord.SIZE);
    for (int record = 0; record < records; record++) {
      bytes.putInt(
          HEADER + record * WorkerRecord.SIZE + WorkerRecord.STATE, WorkerState.GONE.code());
    }
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    // Written in full, so that a full disk fails here and not as a SIGBUS in a worker.
    Files.deleteIfExists(fresh);
    try (var file =
        Files.newByteChannel(
            fresh,
            Set.of(CREATE_NEW, WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
    Files.move(fresh, path, ATOMIC_MOVE);
    return open(path);
  }

  /**
   * Maps an existing scoreboard.
   *
   * @throws IOException if the file is missing, or is none of this version
   */
  public static Scoreboard open(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path, READ, WRITE)) {
      if (file.size() < HEADER) {
        throw new IOException(
            "%s is no scoreboard: it has %d bytes, the header alone has %d"
                .formatted(path, file.size(), HEADER));
      }
      ByteBuffer header = file.map(MapMode.READ_ONLY, 0, HEADER).order(ByteOrder.nativeOrder());
      if (header.getLong(0) != MAGIC) {
        throw new IOException(
            "%s is no scoreboard: it starts with %016x, not %016x"
                .formatted(path, header.getLong(0), MAGIC));
      }
      int records = header.getInt(12);
      if (header.getInt(8) != VERSION || header.getInt(16) != WorkerRecord.SIZE) {
        throw new IOException(
            "%s is a scoreboard of version %d with records of %d bytes, expected %d and %d"
                .formatted(path, header.getInt(8), header.getInt(16), VERSION, WorkerRecord.SIZE));
      }
      long expected = HEADER + (long) records * WorkerRecord.SIZE;
      if (records < 1 || records > MAX_RECORDS || file.size() != expected) {
        throw new IOException(
            "%s has %d bytes, its %d records need %d"
                .formatted(path, file.size(), records, expected));
      }
      return new Scoreboard(path, file.map(MapMode.READ_WRITE, 0, expected), records);
    }
  }

  public Path path() {
    return path;
  }

  /** Number of records. */
  public int size() {
    return records.length;
  }

  public WorkerRecord record(int index) {
    return records[index];
  }

  /** Lets go of the mapping. Java gives the memory back when no record of it is in use any more. */
  @Override
  public void close() {
    records = new WorkerRecord[0];
  }
}
