package dev.tidepool.session;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Held while a worker opens or makes the files; the kernel lets go of it for the dead. */
final class OpenLock implements AutoCloseable {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** A file lock is the process's, not the thread's. */
  private static final ReentrantLock IN_PROCESS = new ReentrantLock();

  private final FileChannel channel;

  private OpenLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for the lock.
   *
   * @throws StoreException if another process holds it for a minute
   */
  static OpenLock acquire(Path file) throws IOException {
    IN_PROCESS.lock();
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      await(channel, file);
      return new OpenLock(channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      IN_PROCESS.unlock();
      throw e;
    }
  }

  private static void await(FileChannel channel, Path file) throws IOException {
    long since = System.nanoTime();
    FileLock lock = channel.tryLock();
    while (lock == null) {
      if (System.nanoTime() - since > LIMIT_NANOS) {
        throw new StoreException(file + " is held by another process for a minute; is it stopped?");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      lock = channel.tryLock();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close(); // and with it the lock
    } finally {
      IN_PROCESS.unlock();
    }
  }
}
