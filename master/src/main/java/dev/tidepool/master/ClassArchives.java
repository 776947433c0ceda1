package dev.tidepool.master;

import dev.tidepool.conf.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives of the classes that every worker loads: Tidepool's and those of its libraries, not the
 * app's, which are in a loader of their own. An archive fits one Java, its options and the content
 * of Tidepool's jars, so a deploy needs no new one. It is made in the background by a process that
 * only trains; until then workers start without. A damaged one is made anew.
 */
public final class ClassArchives implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClassArchives.class);

  private final Path ownDirectory;
  private final Set<String> tried = new HashSet<>();
  private @Nullable Known known;
  private @Nullable Verified verified;
  private @Nullable ArchiveTraining training;

  /** What all jars had to be read for. */
  private record Known(Path directory, WorkerJvm jvm, List<FileTime> jars, ArchiveFile file) {}

  /** A file whose content was found to be right. */
  private record Verified(Path file, FileTime modified, long size) {}

  /**
   * Archives of a pool.
   *
   * @param ownDirectory where they are unless {@code class-archive.dir} says otherwise
   */
  public ClassArchives(Path ownDirectory) {
    this.ownDirectory = ownDirectory;
  }

  /** Options that have a worker start from its archive; none while there is none. */
  synchronized List<String> options(Settings settings, WorkerJvm jvm) {
    if (!settings.classArchive().enabled()) {
      return List.of();
    }
    try {
      ArchiveFile wanted = wanted(settings, jvm);
      Optional<Path> found = wanted.find();
      if (found.isPresent() && isWhole(found.get())) {
        return wanted.use(found.get());
      }
      train(wanted, jvm);
    } catch (IOException e) {
      log.warn("workers start without a class archive: {}", RunDir.reason(e));
    }
    return List.of();
  }

  /**
   * Makes the archive that workers with these settings need, unless there is one, and waits for it.
   *
   * @param home the distribution
   * @throws IOException if it cannot be made
   */
  public synchronized Path make(Settings settings, Path home) throws IOException {
    WorkerJvm jvm = WorkerJvm.of(settings.workers(), home);
    ArchiveFile wanted = wanted(settings, jvm);
    Optional<Path> found = wanted.find();
    if (found.isPresent() && isWhole(found.get())) {
      return found.get();
    }
    ArchiveTraining started = new ArchiveTraining(wanted, jvm);
    training = started;
    return started.await();
  }

  private ArchiveFile wanted(Settings settings, WorkerJvm jvm) throws IOException {
    Path directory = settings.classArchive().dir().orElse(ownDirectory);
    List<FileTime> jars = jvm.jarTimes();
    if (known == null
        || !known.directory.equals(directory)
        || !known.jvm.equals(jvm)
        || !known.jars.equals(jars)) {
      known = new Known(directory, jvm, jars, ArchiveFile.of(directory, jvm));
    }
    return known.file;
  }

  /** Reads a file to its end once, and again when it was written to. */
  private boolean isWhole(Path file) throws IOException {
    Verified now = new Verified(file, Files.getLastModifiedTime(file), Files.size(file));
    if (now.equals(verified)) {
      return true;
    }
    if (ArchiveFile.isWhole(file)) {
      verified = now;
      return true;
    }
    log.warn("class archive {} is damaged, making it anew", file);
    Files.delete(file);
    tried.clear();
    return false;
  }

  /** Once for each archive: what failed would fail again. */
  private void train(ArchiveFile wanted, WorkerJvm jvm) throws IOException {
    if ((training == null || training.isOver()) && tried.add(wanted.key())) {
      ArchiveTraining started = new ArchiveTraining(wanted, jvm);
      training = started;
      started.reportWhenOver();
    }
  }

  /** Ends a training under way. */
  @Override
  public synchronized void close() {
    if (training != null) {
      training.cancel();
    }
  }
}
