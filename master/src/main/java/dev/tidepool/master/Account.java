package dev.tidepool.master;

import dev.tidepool.conf.IsolationSettings;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The user that workers run as: the master's own, or another one, which only root can start.
 *
 * @param other whether it is another than the master's
 * @param listed whether the system has an entry for it, and so for its further groups
 */
record Account(String name, int uid, int gid, Path home, boolean other, boolean listed) {

  /**
   * The account that the settings name.
   *
   * @throws StartFailure one line: there is none of that name, or this process may not use it
   */
  static Account of(IsolationSettings settings, Posix posix) throws StartFailure {
    try {
      return find(settings, posix);
    } catch (PosixException e) {
      throw refused("workers.user cannot be looked up: " + e.getMessage());
    }
  }

  static Account ofThisProcess(Posix posix) {
    return new Account("", posix.userId(), -1, Path.of("/"), false, true);
  }

  private static Account find(IsolationSettings settings, Posix posix) throws StartFailure {
    int self = posix.userId();
    if (settings.user().isEmpty()) {
      if (settings.group().isPresent()) {
        throw refused("workers.group=" + settings.group().get() + " takes a workers.user, too");
      }
      return ofThisProcess(posix);
    }
    String name = settings.user().get();
    Optional<Posix.User> user = posix.user(name);
    OptionalInt uid = user.isPresent() ? OptionalInt.of(user.get().uid()) : number(name);
    if (uid.isEmpty()) {
      throw refused(
          "workers.user=" + name + ": no such user; `useradd --system " + name + "` makes one");
    }
    if (self != 0 && (uid.getAsInt() != self || settings.group().isPresent())) {
      throw refused(
          "workers.user="
              + name
              + settings.group().map(group -> ", workers.group=" + group).orElse("")
              + " needs a master that runs as root, this one has uid "
              + self
              + "; start it as root, or leave them empty");
    }
    int gid = group(settings, user, posix);
    boolean other = uid.getAsInt() != self || settings.group().isPresent();
    Path home = user.map(Posix.User::home).orElse(Path.of("/"));
    return new Account(name, uid.getAsInt(), gid, home, other, user.isPresent());
  }

  private static int group(IsolationSettings settings, Optional<Posix.User> user, Posix posix)
      throws StartFailure {
    if (settings.group().isEmpty()) {
      return user.map(Posix.User::gid)
          .orElseThrow(
              () ->
                  refused(
                      "workers.user="
                          + settings.user().orElse("")
                          + " is a number without an entry in passwd: set workers.group, too"));
    }
    String name = settings.group().get();
    OptionalInt gid = posix.groupId(name);
    if (gid.isEmpty()) {
      gid = number(name);
    }
    return gid.orElseThrow(() -> refused("workers.group=" + name + ": no such group"));
  }

  private static StartFailure refused(String why) {
    return new StartFailure(ExitCode.CONFIGURATION, why);
  }

  private static OptionalInt number(String text) {
    boolean isNumber = text.matches("\\d{1,9}");
    return isNumber ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }

  /** What stands before a command that is to run as this user; nothing if it does anyway. */
  List<String> command() {
    if (!other) {
      return List.of();
    }
    return List.of(
        "setpriv",
        "--reuid=" + uid,
        "--regid=" + gid,
        listed ? "--init-groups" : "--clear-groups",
        "--inh-caps=-all",
        "--no-new-privs");
  }

  /** What login(1) would set. */
  void environment(Map<String, String> environment) {
    if (other) {
      environment.put("HOME", home.toString());
      environment.put("USER", name);
      environment.put("LOGNAME", name);
    }
  }

  /** Makes a file or directory its own, unless it is. */
  void own(Path path, Posix posix) {
    if (other) {
      posix.setOwner(path, uid, gid);
    }
  }

  /**
   * Lets it read a tree that stays the master's, by the group: others can neither read nor enter.
   */
  void share(Path tree, Posix posix) throws IOException {
    if (!other) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.toList()) {
        posix.setOwner(path, -1, gid);
        boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        Files.setPosixFilePermissions(
            path, PosixFilePermissions.fromString(directory ? "rwxr-x---" : "rw-r-----"));
      }
    }
  }
}
