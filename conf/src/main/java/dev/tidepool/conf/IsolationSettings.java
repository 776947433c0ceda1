package dev.tidepool.conf;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * As whom worker processes run, and what the kernel lets them use; sizes in bytes.
 *
 * @param cpuAffinity "auto", or a list of cores as taskset(1) takes it
 * @param openFiles 0 for the master's limit
 */
public record IsolationSettings(
    Optional<String> user,
    Optional<String> group,
    int nice,
    int startNice,
    int compileNice,
    Optional<String> cpuAffinity,
    int openFiles,
    Optional<Long> coreBytes,
    Optional<Long> memoryBytes) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@-]*\\$?");
  private static final Pattern CORES =
      Pattern.compile("\\d{1,4}(-\\d{1,4}(:\\d{1,4})?)?(,\\d{1,4}(-\\d{1,4}(:\\d{1,4})?)?)*");
  private static final String ONE_EACH = "auto";

  static IsolationSettings from(Section in, long heapBytes) {
    var c =
        new IsolationSettings(
            in.optionalText("user"),
            in.optionalText("group"),
            in.integer("nice", -20, 19),
            in.integer("start-nice", 0, 19),
            in.integer("compile-nice", 0, 19),
            in.optionalText("cpu-affinity"),
            in.integer("open-files", 0, 1_000_000_000),
            in.optionalBytes("core-size", "0 B", "1 TiB"),
            in.optionalBytes("memory-limit", "64 MiB", "1 TiB"));
    in.require(isName(c.user), "user", "expected the name of a user, a number, or empty");
    in.require(isName(c.group), "group", "expected the name of a group, a number, or empty");
    in.require(
        c.oneCoreEach() || c.cpuAffinity.stream().allMatch(list -> CORES.matcher(list).matches()),
        "cpu-affinity",
        "expected \"auto\", a list of cores such as \"0-3,6\", or empty");
    in.compare(
        c.memoryBytes.stream().allMatch(limit -> limit > heapBytes),
        "memory-limit",
        "expected more than",
        "heap");
    return c;
  }

  private static boolean isName(Optional<String> given) {
    return given.stream().allMatch(name -> NAME.matcher(name).matches());
  }

  /** Whether each slot has a core of its own. */
  public boolean oneCoreEach() {
    return cpuAffinity.stream().anyMatch(ONE_EACH::equals);
  }

  /** The cores that all workers share, if they are told. */
  public Optional<String> sharedCores() {
    return cpuAffinity.filter(list -> !list.equals(ONE_EACH));
  }
}
