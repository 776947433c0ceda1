package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are not as they should be. */
class StoreFilesTest {
  @TempDir Path parent;

  private Path directory() {
    return parent.resolve("sessions");
  }

  private ChronicleSessionStore open() {
    return ChronicleSessionStore.open(Stores.persistent(directory(), 1000), () -> 0);
  }

  private void fillAndClose() {
    try (var store = open()) {
      store.update(Stores.key(1), old -> Stores.value(1, 100));
    }
  }

  @Test
  void arePrivate() throws IOException {
    fillAndClose();

    assertThat(mode(directory())).isEqualTo("rwx------");
    assertThat(mode(directory().resolve("map"))).isEqualTo("rw-------");
    assertThat(mode(directory().resolve("control"))).isEqualTo("rw-------");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void takeUpTheirWholeRoomFromTheStart() throws IOException {
    fillAndClose();

    for (String name : new String[] {"map", "control"}) {
      Path file = directory().resolve(name);
      long blocks = (Long) Files.getAttribute(file, "unix:size");
      assertThat(allocated(file)).as(name).isGreaterThanOrEqualTo(blocks);
    }
  }

  private static long allocated(Path file) throws IOException {
    Process du = new ProcessBuilder("du", "--block-size=1", file.toString()).start();
    String line = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Long.parseLong(line.substring(0, line.indexOf('\t')));
  }

  @Test
  void keepSessionsIfPersistent() {
    fillAndClose();

    try (var store = open()) {
      assertThat(store.get(Stores.key(1))).isEqualTo(Stores.value(1, 100));
    }
  }

  @Test
  void areEmptiedByTheFirstOfAPoolIfNotPersistent() {
    fillAndClose();

    try (var store = Stores.open(directory(), 1000)) {
      assertThat(store.get(Stores.key(1))).isNull();
    }
  }

  @Test
  void areNotEmptiedWhileAnotherHasThem() {
    try (var first = open();
        var second = Stores.open(directory(), 1000)) {
      first.update(Stores.key(1), old -> Stores.value(1, 100));
      assertThat(second.get(Stores.key(1))).isNotNull();
    }
  }

  @Test
  void areSetAsideIfForeign() throws IOException {
    fillAndClose();
    overwrite("control", 0, 0x1234);

    expectSetAside();
  }

  @Test
  void areSetAsideIfOfAnotherLayout() throws IOException {
    fillAndClose();
    overwrite("control", 8, StoreLayout.VERSION - 1);

    expectSetAside();
  }

  @Test
  void areSetAsideIfTruncated() throws IOException {
    fillAndClose();
    truncate("map", 5000);
    expectSetAside();

    truncate("control", 5000);
    try (var store = open()) {
      assertThat(store.get(Stores.key(1))).isNull();
    }
  }

  @Test
  void areSetAsideIfTheMapIsCorrupt() throws IOException {
    fillAndClose();
    overwrite("map", 16, 0x5555_5555_5555_5555L);

    expectSetAside();
  }

  @Test
  void areSetAsideIfMadeForAnotherCapacity() throws IOException {
    fillAndClose();

    try (var store = ChronicleSessionStore.open(Stores.persistent(directory(), 2000), () -> 0)) {
      assertThat(store.statistics().capacity()).isEqualTo(2000);
    }
    assertThat(setAside()).isEqualTo(2);
  }

  private void expectSetAside() throws IOException {
    try (var store = open()) {
      assertThat(store.get(Stores.key(1))).isNull();
      store.update(Stores.key(1), old -> Stores.value(1, 100));
    }
    assertThat(setAside()).isEqualTo(2);
  }

  private long setAside() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files.filter(f -> f.toString().contains(".aside-")).count();
    }
  }

  @Test
  void areRefusedWithAnotherCapacityWhileInUse() {
    try (var store = open()) {
      assertThatThrownBy(() -> Stores.open(directory(), 2000).close())
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("in use by pid")
          .hasMessageContaining("sessions.capacity 1000, the settings say 2000");
      assertThat(store.get(Stores.key(1))).isNull();
    }
  }

  @Test
  void areRefusedToAnotherPoolWhileInUse() {
    var settings =
        new StoreSettings(
            directory(),
            "another pool",
            1000,
            128,
            Stores.MAXIMUM,
            true,
            StoreSettings.WhenFull.REFUSE,
            Duration.ofSeconds(1));
    try (var store = open()) {
      assertThatThrownBy(() -> ChronicleSessionStore.open(settings, () -> 0))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("another pool");
      assertThat(store.get(Stores.key(1))).isNull();
    }
  }

  @Test
  void areRefusedIfThereIsNoRoom() {
    Path full = Path.of("/dev/shm/tidepool-test-" + ProcessHandle.current().pid());
    var settings =
        new StoreSettings(
            full,
            "test",
            50_000_000,
            100_000,
            100_000,
            false,
            StoreSettings.WhenFull.REFUSE,
            Duration.ofSeconds(1));

    assertThatThrownBy(() -> ChronicleSessionStore.open(settings, () -> 0))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no store for 50000000 sessions");

    assertThat(full.resolve("map.new")).doesNotExist();
    assertThat(full.resolve("open.lock").toFile().delete()).isTrue();
    assertThat(full.toFile().delete()).isTrue();
  }

  @Test
  void areRefusedIfTheFileSystemIsFull() throws Exception {
    Path small = Files.createDirectory(parent.resolve("small"));
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=4m", "none", small.toString()) == 0);
    try {
      Path directory = small.resolve("sessions");

      assertThatThrownBy(() -> Stores.open(directory, 100_000).close())
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("no store for 100000 sessions")
          .hasMessageContaining("space");

      try (Stream<Path> left = Files.list(directory)) {
        assertThat(left).containsExactly(directory.resolve("open.lock"));
      }
      try (var store = Stores.open(directory, 100)) {
        store.update(Stores.key(1), old -> Stores.value(1, 100));
      }
    } finally {
      run("umount", "--lazy", small.toString()); // a closed store may still be mapped
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  @Test
  void giveAClearErrorIfTruncatedWhileMapped() throws IOException {
    try (var store = open()) {
      truncate("map", 4096);

      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  store.update(Stores.key(i), old -> Stores.value(1, 100));
                }
              })
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("truncated while in use");
    }
  }

  /** An atomic write to a page that is gone can end the JVM; the next one must find its way. */
  @Test
  void areSetAsideByTheNextWorkerIfTheControlFileWasTruncated() throws Exception {
    Process worker =
        Children.start(StoreFilesTest.class, parent.resolve("log"), directory().toString());
    assertThat(worker.waitFor()).isNotZero();

    expectSetAside();
  }

  /** Truncates the control file under itself and goes on. */
  public static void main(String[] args) throws IOException {
    try (var store =
        ChronicleSessionStore.open(Stores.persistent(Path.of(args[0]), 1000), () -> 0)) {
      truncate(Path.of(args[0], "control"), 4096);
      for (int i = 0; i < 1000; i++) {
        store.update(Stores.key(i), old -> Stores.value(1, 100));
      }
    }
  }

  private void overwrite(String name, long at, long value) throws IOException {
    try (var file = new RandomAccessFile(directory().resolve(name).toFile(), "rw")) {
      file.seek(at);
      file.writeLong(Long.reverseBytes(value));
    }
  }

  private void truncate(String name, long length) throws IOException {
    truncate(directory().resolve(name), length);
  }

  private static void truncate(Path path, long length) throws IOException {
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(length);
    }
  }
}
