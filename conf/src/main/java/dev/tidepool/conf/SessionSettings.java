package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Life, cookie, store and locks of HTTP sessions; sizes in bytes. */
public record SessionSettings(
    Duration timeout,
    String cookie,
    Optional<Path> dir,
    int capacity,
    int averageBytes,
    int maximumBytes,
    WhenFull whenFull,
    boolean persist,
    Duration storeTimeout,
    Lock lock,
    Duration lockTimeout,
    int lockWaiters,
    List<String> allowedClasses,
    WhenUndecodable whenUndecodable) {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern CLASSES =
      Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*(\\.\\*)?");

  /** What becomes of a new session that has no room. */
  public enum WhenFull {
    REFUSE,
    EVICT_OLDEST
  }

  /** Whether requests of one session wait for each other. */
  public enum Lock {
    NONE,
    PER_REQUEST
  }

  /** What becomes of an attribute that cannot be decoded. */
  public enum WhenUndecodable {
    DROP_ATTRIBUTE,
    DROP_SESSION,
    FAIL
  }

  static SessionSettings from(Config root, Problems problems) {
    var in = new Section(root, "sessions", problems);
    var c =
        new SessionSettings(
            in.duration("timeout", "1 s", "365 d"),
            in.text("cookie"),
            in.optionalPath("dir"),
            in.integer("capacity", 1, 50_000_000),
            (int) in.bytes("average-size", "64 B", "16 MiB"),
            (int) in.bytes("max-size", "64 B", "16 MiB"),
            in.choice("when-full", WhenFull.class),
            in.flag("persist"),
            in.duration("store-timeout", "10 ms", "10 m"),
            in.choice("lock", Lock.class),
            in.duration("lock-timeout", "10 ms", "1 h"),
            in.integer("lock-waiters", 0, 100_000),
            in.texts("allowed-classes"),
            in.choice("when-undecodable", WhenUndecodable.class));
    in.require(
        TOKEN.matcher(c.cookie).matches(),
        "cookie",
        "expected a cookie name: letters, digits and !#$%&'*+-.^_`|~ (RFC 6265)");
    in.compare(c.averageBytes <= c.maximumBytes, "average-size", "expected at most", "max-size");
    in.require(
        c.allowedClasses.stream().allMatch(name -> CLASSES.matcher(name).matches()),
        "allowed-classes",
        "expected names of classes, or package.*");
    return c;
  }

  /**
   * Where the store of a pool is: {@code dir}, or a directory on tmpfs that follows from the user
   * of its workers and its run directory.
   */
  public Path directory(Path runDir, int uid) {
    String path = runDir.toAbsolutePath().normalize().toString();
    String hash = UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)).toString();
    return dir.orElse(Path.of("/dev/shm/tidepool-" + uid + "-" + hash.replace("-", "")));
  }
}
