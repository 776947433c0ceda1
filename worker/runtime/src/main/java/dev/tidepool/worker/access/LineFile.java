package dev.tidepool.worker.access;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends lines to a file that other workers append to as well: whole lines with each write, and
 * opened with O_APPEND. A thread of its own writes, so that no request waits for a disk; when it
 * cannot keep up, lines are dropped and counted.
 */
final class LineFile implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(LineFile.class);
  private static final int MAX_WAITING = 50_000;
  private static final int MAX_BATCH_BYTES = 64 * 1024;

  /** Lines that come this close together are written at once. */
  private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(5);

  private final Optional<Path> file;
  private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
  private final AtomicLong dropped = new AtomicLong();
  private final byte[] batch = new byte[MAX_BATCH_BYTES];
  private final Thread writer = new Thread(this::run, "access-log");
  private FileOutputStream out;
  private volatile boolean closed;

  /** Empty for stdout. */
  LineFile(Optional<Path> file) throws IOException {
    this.file = file;
    out = open();
    writer.setDaemon(true);
    writer.start();
  }

  private FileOutputStream open() throws IOException {
    return file.isPresent()
        ? new FileOutputStream(file.get().toFile(), true)
        : new FileOutputStream(FileDescriptor.out);
  }

  /** Takes a line with its end; never blocks. */
  void write(byte[] line) {
    if (!waiting.offer(line)) {
      dropped.incrementAndGet();
    }
  }

  /** Writes what waits to the old file, and all that comes to a new one of the same name. */
  void reopen() throws IOException {
    if (file.isPresent()) {
      FileOutputStream fresh = open();
      FileOutputStream old;
      synchronized (this) {
        writeWaiting(null);
        old = out;
        out = fresh;
      }
      old.close();
    }
  }

  private void run() {
    try {
      while (!closed) {
        byte[] first = waiting.take();
        LockSupport.parkNanos(GATHER);
        writeWaiting(first);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private synchronized void writeWaiting(byte @Nullable [] first) {
    List<byte[]> lines = new ArrayList<>();
    if (first != null) {
      lines.add(first);
    }
    waiting.drainTo(lines);
    int bytes = 0;
    for (byte[] line : lines) {
      if (bytes > 0 && bytes + line.length > batch.length) {
        write(batch, bytes);
        bytes = 0;
      }
      if (line.length > batch.length) {
        write(line, line.length);
      } else {
        System.arraycopy(line, 0, batch, bytes, line.length);
        bytes += line.length;
      }
    }
    write(batch, bytes);
    long lost = dropped.getAndSet(0);
    if (lost > 0) {
      log.warn("{} lines of the access log dropped: the file takes them too slowly", lost);
    }
  }

  private void write(byte[] lines, int bytes) {
    try {
      if (bytes > 0) {
        out.write(lines, 0, bytes);
      }
    } catch (IOException e) {
      log.error("access log {}: {} bytes lost: {}", file, bytes, e.getMessage());
    }
  }

  /** Writes what waits. */
  @Override
  public void close() throws IOException {
    closed = true;
    writer.interrupt();
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      writeWaiting(null);
      if (file.isPresent()) {
        out.close();
      }
    }
  }
}
