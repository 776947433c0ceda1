package dev.tidepool.session;

import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import net.openhft.chronicle.hash.ChronicleHashRecoveryFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a store: {@code control} (see {@link StoreLayout}), {@code map} (Chronicle's) and
 * {@code open.lock}, which is held while a worker opens the others. A pair that does not fit the
 * settings is never written over: it is renamed, with an error that says what was wrong.
 */
final class StoreFiles {
  private static final Logger log = LoggerFactory.getLogger(StoreFiles.class);

  private final StoreSettings settings;
  private final Path directory;
  private final Path control;
  private final Path map;

  StoreFiles(StoreSettings settings) {
    this.settings = settings;
    this.directory = settings.directory();
    this.control = directory.resolve("control");
    this.map = directory.resolve("map");
  }

  /** An open store; {@code process} is this process's place in the table of those that have it. */
  record Opened(SharedMemory memory, MapSegments map, StoreLayout layout, int process) {}

  Opened open(int slot) {
    try {
      prepareDirectory();
      OpenLock lock = OpenLock.acquire(directory.resolve("open.lock"));
      try {
        return openLocked(slot);
      } finally {
        lock.close();
      }
    } catch (IOException e) {
      throw new StoreException("sessions in " + directory + ": " + e.getMessage(), e);
    }
  }

  private Opened openLocked(int slot) throws IOException {
    StoreHeader header = StoreHeader.read(control, map, settings);
    if (header.livePid() != 0) {
      refuseIfForeign(header);
    } else if (header.exists()) {
      prepareForFirst(header);
    }
    if (!Files.exists(control)) {
      create();
    }
    try {
      return attach(slot);
    } catch (IOException | ChronicleHashRecoveryFailedException e) {
      if (header.livePid() != 0) {
        throw e;
      }
      setAside("the map cannot be opened: " + e.getMessage());
      create();
      return attach(slot);
    }
  }

  private void refuseIfForeign(StoreHeader header) {
    if (!header.problem().isEmpty()) {
      throw new StoreException(
          "sessions in "
              + directory
              + " are in use by pid "
              + header.livePid()
              + ": "
              + header.problem());
    }
  }

  private void prepareForFirst(StoreHeader header) throws IOException {
    if (!header.problem().isEmpty()) {
      setAside(header.problem());
    } else if (!settings.persist() && !header.sameRun()) {
      log.info(
          "{}: {} sessions of a pool that has ended are dropped (not persistent)",
          directory,
          header.sessions());
      Files.deleteIfExists(control);
      Files.deleteIfExists(map);
    }
  }

  /** Renames both files, so that they can be looked at, and a new store can take their place. */
  private void setAside(String problem) throws IOException {
    String suffix = ".aside-" + System.currentTimeMillis();
    for (Path file : new Path[] {control, map}) {
      if (Files.exists(file)) {
        Files.move(file, file.resolveSibling(file.getFileName() + suffix));
      }
    }
    log.error("{}: {}; set aside as *{}, starting with an empty store", directory, problem, suffix);
  }

  private void create() throws IOException {
    Path newMap = directory.resolve("map.new");
    Path newControl = directory.resolve("control.new");
    Files.deleteIfExists(newMap);
    Files.deleteIfExists(newControl);
    Files.deleteIfExists(map);
    try {
      StoreLayout layout;
      try (MapSegments made =
          MapSegments.open(newMap, settings, StoreLayout.segmentsFor(settings))) {
        layout = StoreLayout.of(settings, made.pictureBytes());
      }
      restrict(newMap);
      Posix.get().allocate(newMap, Files.size(newMap));
      Files.createFile(newControl);
      restrict(newControl);
      Posix.get().allocate(newControl, layout.controlBytes());
      SharedMemory memory = SharedMemory.map(newControl, layout.controlBytes());
      StoreHeader.write(memory, layout, settings, Files.size(newMap));
      Files.move(newMap, map);
      Files.move(newControl, control);
      log.info(
          "{}: made for {} sessions in {} segments, {} MiB",
          directory,
          settings.capacity(),
          layout.segments(),
          (layout.controlBytes() + Files.size(map)) >> 20);
    } catch (PosixException | IOException e) {
      Files.deleteIfExists(newMap);
      Files.deleteIfExists(newControl);
      throw new StoreException(
          "no store for "
              + settings.capacity()
              + " sessions of "
              + settings.averageBytes()
              + " bytes can be made in "
              + directory
              + ": "
              + e.getMessage()
              + "; lower sessions.capacity or sessions.average-size, or make room",
          e);
    }
  }

  private Opened attach(int slot) throws IOException {
    StoreLayout layout = StoreHeader.layout(control);
    SharedMemory memory = SharedMemory.map(control, layout.controlBytes());
    boolean first = StoreHeader.livePid(memory) == 0;
    if (first) {
      StoreHeader.forgetOwners(memory, layout, settings);
    }
    MapSegments segments = MapSegments.open(map, settings, layout.segments());
    return new Opened(memory, segments, layout, StoreHeader.attach(memory, settings, slot));
  }

  private void prepareDirectory() throws IOException {
    if (Files.exists(directory) && !Files.isDirectory(directory)) {
      throw new StoreException("sessions.dir=" + directory + " is no directory");
    }
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    int owner = (Integer) Files.getAttribute(directory, "unix:uid");
    int self = Posix.get().userId();
    if (owner != self && self != 0) {
      throw new StoreException(
          directory + " belongs to uid " + owner + ", this worker runs as uid " + self);
    }
    if (owner == self) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static void restrict(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
