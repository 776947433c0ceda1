package dev.tidepool.master;

import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control groups that bound the memory of workers, one for each, below the group that this master
 * was started in; cgroups(7), version 2:
 *
 * <pre>
 *  GROUP/                        delegated to the master
 *  GROUP/tidepool-master/        the master, for a group with groups below may hold no process
 *  GROUP/tidepool-worker-PID/    one worker, and what it starts
 * </pre>
 */
final class MemoryGroups {
  private static final Logger log = LoggerFactory.getLogger(MemoryGroups.class);
  private static final String MASTER = "tidepool-master";
  private static final String PROCESSES = "cgroup.procs";
  private static final String FOR_CHILDREN = "cgroup.subtree_control";

  private final Posix posix;
  private final Path root;
  private final Path ownGroup;

  MemoryGroups(Posix posix) {
    this(posix, Path.of("/sys/fs/cgroup"), Path.of("/proc/self/cgroup"));
  }

  /**
   * @param root where the hierarchy is mounted
   * @param ownGroup names the group of this process, in the line that begins with {@code 0::}
   */
  MemoryGroups(Posix posix, Path root, Path ownGroup) {
    this.posix = posix;
    this.root = root;
    this.ownGroup = ownGroup;
  }

  /**
   * Changes nothing.
   *
   * @throws IOException one line: why memory cannot be limited here, and what to change
   */
  void check() throws IOException {
    Path base = base();
    if (!controllers(base.resolve("cgroup.controllers")).contains("memory")) {
      throw impossible("the memory controller is not enabled in " + base);
    }
    if (!Files.isWritable(base.resolve(PROCESSES)) || !Files.isWritable(base)) {
      throw impossible(base + " is not delegated to uid " + posix.userId());
    }
  }

  /**
   * Puts a new process into a group of its own.
   *
   * @throws IOException as {@link #check}
   */
  void limit(int pid, long bytes) throws IOException {
    check();
    Path base = base();
    if (!controllers(base.resolve(FOR_CHILDREN)).contains("memory")) {
      enable(base);
    }
    Path group = Files.createDirectories(group(base, pid));
    Files.writeString(group.resolve("memory.max"), Long.toString(bytes));
    // One that swaps is neither alive nor dead; and what it started goes with it.
    Files.writeString(group.resolve("memory.swap.max"), "0");
    Files.writeString(group.resolve("memory.oom.group"), "1");
    Files.writeString(group.resolve(PROCESSES), Integer.toString(pid));
  }

  /** Processes in {@code base} are this master and workers that were started without a limit. */
  private void enable(Path base) throws IOException {
    Path master = Files.createDirectories(base.resolve(MASTER));
    for (String line : Files.readAllLines(base.resolve(PROCESSES))) {
      int pid = Integer.parseInt(line);
      boolean child = posix.stat(pid).filter(stat -> stat.parentPid() == posix.pid()).isPresent();
      if (pid == posix.pid() || child) {
        Files.writeString(master.resolve(PROCESSES), line);
      }
    }
    try {
      Files.writeString(base.resolve(FOR_CHILDREN), "+memory");
    } catch (IOException e) {
      throw impossible("there are processes of others in " + base);
    }
  }

  /** Removes the group of a process that has ended, and tells if the limit was its end. */
  void removed(int pid) {
    try {
      Path group = group(base(), pid);
      if (!Files.isDirectory(group)) {
        return;
      }
      boolean overLimit =
          Files.readAllLines(group.resolve("memory.events")).stream()
              .anyMatch(line -> line.startsWith("oom_kill ") && !line.endsWith(" 0"));
      if (overLimit) {
        log.error("pid={} was killed by the kernel: it took more than workers.memory-limit", pid);
      }
      Files.delete(group);
    } catch (IOException e) {
      log.warn("the control group of pid={} stays: {}", pid, RunDir.reason(e));
    }
  }

  private static Path group(Path base, int pid) {
    return base.resolve("tidepool-worker-" + pid);
  }

  private Path base() throws IOException {
    Optional<String> own =
        Files.readAllLines(ownGroup).stream()
            .filter(line -> line.startsWith("0::/"))
            .map(line -> line.substring("0::/".length()))
            .findFirst();
    if (own.isEmpty() || !Files.exists(root.resolve("cgroup.controllers"))) {
      throw impossible("there is no cgroup v2 at " + root);
    }
    Path group = root.resolve(own.get());
    return group.endsWith(MASTER) ? group.resolve("..").normalize() : group;
  }

  private static List<String> controllers(Path file) throws IOException {
    try {
      return List.of(Files.readString(file).strip().split(" "));
    } catch (IOException e) {
      throw impossible(file + " cannot be read");
    }
  }

  private static IOException impossible(String why) {
    return new IOException(
        "workers.memory-limit cannot be kept: "
            + why
            + "; start the master in a group of its own that is delegated to it (systemd:"
            + " Delegate=yes), or leave workers.memory-limit empty");
  }
}
