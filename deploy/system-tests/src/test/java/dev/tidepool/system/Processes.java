package dev.tidepool.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Processes as /proc shows them; proc(5). */
final class Processes {
  private static final Path PROC = Path.of("/proc");

  private Processes() {}

  /** Sends a signal as an operator would; one that is gone already is no error. */
  static void signal(int pid, Signal signal) {
    Cli.run(
        "sh", "-c", "kill -s " + signal.name() + " " + pid + " 2>&1 || [ ! -d /proc/" + pid + " ]");
  }

  static boolean alive(int pid) {
    String stat = read(pid, "stat");
    return !stat.isEmpty() && fields(stat)[0].charAt(0) != 'Z';
  }

  /** Live processes whose command line or environment mentions {@code text}. */
  static List<Integer> mentioning(String text) {
    return matching(
        pid -> alive(pid) && (read(pid, "cmdline") + read(pid, "environ")).contains(text));
  }

  /** Dead children of {@code parent} that nobody has waited for. */
  static List<Integer> zombiesOf(int parent) {
    return matching(
        pid -> {
          String stat = read(pid, "stat");
          return !stat.isEmpty() && fields(stat)[0].equals("Z") && parentOf(stat) == parent;
        });
  }

  static List<Integer> childrenOf(int parent) {
    return matching(pid -> alive(pid) && parentOf(read(pid, "stat")) == parent);
  }

  /** Process group of a process: its own pid if it leads one; setpgid(2). */
  static int groupOf(int pid) {
    return Integer.parseInt(fields(read(pid, "stat"))[2]);
  }

  /** Session of a process; setsid(2). */
  static int sessionOf(int pid) {
    return Integer.parseInt(fields(read(pid, "stat"))[3]);
  }

  /** Its niceness, -20 to 19. */
  static int nice(int pid) {
    return Integer.parseInt(fields(read(pid, "stat"))[16]);
  }

  /** Niceness of those of its threads that have such names. */
  static List<Integer> threadNiceness(int pid, Predicate<String> name) {
    String[] threads = PROC.resolve(pid + "/task").toFile().list();
    return Stream.of(threads == null ? new String[0] : threads)
        .filter(thread -> name.test(read(pid, "task/" + thread + "/comm").strip()))
        .map(thread -> Integer.valueOf(fields(read(pid, "task/" + thread + "/stat"))[16]))
        .toList();
  }

  /** A line of /proc/PID/status, without its name; empty if there is none. */
  static String statusLine(int pid, String name) {
    return read(pid, "status")
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** Signals in a mask of /proc/PID/status such as SigBlk. */
  static List<Signal> signals(int pid, String mask) {
    long bits = Long.parseUnsignedLong(statusLine(pid, mask), 16);
    var signals = new ArrayList<Signal>();
    for (Signal signal : Signal.values()) {
      if ((bits >> (signal.number() - 1) & 1) != 0) {
        signals.add(signal);
      }
    }
    return signals;
  }

  /** What the descriptors of a process point to, sorted. */
  static List<String> descriptors(int pid) {
    var targets = new ArrayList<String>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
      for (Path fd : open) {
        String target = targetOf(fd);
        if (!target.isEmpty()) {
          targets.add(target);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Collections.sort(targets);
    return targets;
  }

  private static String targetOf(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  /** A file below /proc/PID; empty if the process is gone. */
  static String read(int pid, String file) {
    try {
      return Files.readString(PROC.resolve(pid + "/" + file), ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  private static int parentOf(String stat) {
    return stat.isEmpty() ? -1 : Integer.parseInt(fields(stat)[1]);
  }

  /** Fields of /proc/PID/stat after the name, which may hold anything: state, parent, group, … */
  private static String[] fields(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
  }

  private static List<Integer> matching(IntPredicate wanted) {
    var pids = new ArrayList<Integer>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path directory : all) {
        int pid = Integer.parseInt(String.valueOf(directory.getFileName()));
        if (wanted.test(pid)) {
          pids.add(pid);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return pids;
  }
}
