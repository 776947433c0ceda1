package dev.tidepool.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tries, before any worker starts, whether the kernel lets one come into being as the settings have
 * it, and whether its user reaches what it needs. Asked of the kernel and not worked out from
 * access rights, so that access control lists and the like count.
 */
final class AccessProbe {
  private static final String SCRIPT =
      "for check; do test ${check%%:*} \"${check#*:}\" || { echo \"$check\"; exit 1; }; done";

  private final List<String> checks = new ArrayList<>();
  private final List<Path> targets = new ArrayList<>();

  /** A file that it must be able to read. */
  AccessProbe reads(Path file) {
    enters(file.resolve(".."));
    checks.add("-r:" + file.toAbsolutePath().normalize());
    return this;
  }

  /** A directory that it must be able to enter, with all above it. */
  AccessProbe enters(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    for (int depth = 0; depth <= absolute.getNameCount(); depth++) {
      Path above =
          depth == 0 ? absolute.getRoot() : absolute.getRoot().resolve(absolute.subpath(0, depth));
      checks.add("-x:" + above);
    }
    targets.add(absolute);
    return this;
  }

  /** A directory in which it must not be able to replace anything. */
  AccessProbe cannotWrite(Path directory) {
    checks.add("! -w:" + directory.toAbsolutePath().normalize());
    return this;
  }

  /**
   * Runs the checks.
   *
   * @param command what stands before the program of a worker
   * @param who the user, for messages
   * @throws IOException one line: what it cannot do, and what to change
   */
  void run(List<String> command, String who) throws IOException {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("sh", "-c", SCRIPT, "probe"));
    checks.stream().distinct().forEach(all::add);
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      int code = process.waitFor();
      if (checks.contains(said)) {
        throw new IOException(explain(said, who));
      }
      // nice(1) goes on after it failed, but not in silence.
      if (code != 0 || !said.isEmpty()) {
        throw new IOException(
            "workers cannot be started by `"
                + String.join(" ", command)
                + "`: "
                + said.replace("\n", "; "));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private String explain(String failed, String who) {
    Path path = Path.of(failed.substring(failed.indexOf(':') + 1));
    if (failed.startsWith("-r")) {
      return "workers.user=%s cannot read %s; chmod o+r it".formatted(who, path);
    }
    if (failed.startsWith("!")) {
      return "workers.user=%s can write into %s, and so replace apps and sockets; chown it to root"
          .formatted(who, path);
    }
    Path target = targets.stream().filter(t -> t.startsWith(path)).findFirst().orElse(path);
    return "workers.user=%s cannot enter %s, which is on its way to %s; chmod o+x it, or move that"
        .formatted(who, path, target);
  }
}
