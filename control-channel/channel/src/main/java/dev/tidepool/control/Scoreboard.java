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
 * One mapped file that master and workers share: a page of header, a record per worker, and a place
 * for the details of each. It survives its writers, so it can be read after a crash. Numbers are in
 * native byte order. The places of details take no room before their record is first used.
 *
 * <pre>
 *  0       8         12        16            20             24      4096
 *  | magic | version | records | record size | details size | unused | records ... | details ...
 * </pre>
 */
public final class Scoreboard implements AutoCloseable {
  private static final long MAGIC = 0x544944455343_4F52L; // "TIDESCOR"
  private static final int VERSION = 2;
  private static final int HEADER = 4096;
  private static final int MAX_RECORDS = 1 << 15;

  private final Path path;
  private final int count;
  private WorkerRecord[] records;

  private Scoreboard(Path path, ByteBuffer mapped, int count) {
    this.path = path;
    this.count = count;
    this.records =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    new WorkerRecord(
                        new Cells(mapped, HEADER + i * WorkerRecord.SIZE),
                        new Cells(mapped, detailsAt(count, i))))
            .toArray(WorkerRecord[]::new);
  }

  private static int detailsAt(int records, int index) {
    return HEADER + records * WorkerRecord.SIZE + index * WorkerRecord.DETAILS;
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
        .putInt(16, WorkerRecord.SIZE)
        .putInt(20, WorkerRecord.DETAILS);
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
      file.position(detailsAt(records, records) - 1).write(ByteBuffer.allocate(1));
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
      int size = header.getInt(16) + header.getInt(20);
      if (header.getInt(8) != VERSION || size != WorkerRecord.SIZE + WorkerRecord.DETAILS) {
        throw new IOException(
            "%s is a scoreboard of version %d with %d bytes for each worker, expected %d and %d"
                .formatted(
                    path,
                    header.getInt(8),
                    size,
                    VERSION,
                    WorkerRecord.SIZE + WorkerRecord.DETAILS));
      }
      long expected = HEADER + (long) records * size;
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

  /**
   * Takes the room for the details of a record, before its first use.
   *
   * @throws IOException if the disk is full; without this, that would be a SIGBUS of the worker
   */
  public void reserve(int index) throws IOException {
    try (FileChannel file = FileChannel.open(path, WRITE)) {
      file.write(ByteBuffer.allocate(WorkerRecord.DETAILS), detailsAt(count, index));
    } catch (IOException e) {
      throw new IOException(path + " cannot grow for another worker: " + e.getMessage(), e);
    }
  }

  /** Lets go of the mapping. Java gives the memory back when no record of it is in use any more. */
  @Override
  public void close() {
    records = new WorkerRecord[0];
  }
}
