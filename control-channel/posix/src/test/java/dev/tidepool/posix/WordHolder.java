package dev.tidepool.posix;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Program of {@link FutexesTest}: holds the second word of a file, and waits to be killed. */
final class WordHolder {
  private WordHolder() {}

  public static void main(String[] args) throws Exception {
    try (FileChannel file = FileChannel.open(Path.of(args[0]), READ, WRITE)) {
      Posix.get().hold(file.map(MapMode.READ_WRITE, 0, 8).slice(4, 4));
    }
    System.out.println("held");
    TimeUnit.MINUTES.sleep(1);
  }
}
