package dev.tidepool.servlet;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The tree of a WAR, which is only read, and the directory for what workers make of it. */
final class WarFiles {
  private static final String OWN = "worker-";

  final Path root;
  final Path classes;
  final List<Path> jars;

  private final Path work;

  WarFiles(Path root, Path work) throws IOException {
    this.root = root;
    this.work = work;
    this.classes = root.resolve("WEB-INF/classes");
    this.jars = list(root.resolve("WEB-INF/lib"));
  }

  private static List<Path> list(Path lib) throws IOException {
    List<Path> jars = new ArrayList<>();
    if (Files.isDirectory(lib)) {
      try (DirectoryStream<Path> all = Files.newDirectoryStream(lib, "*.jar")) {
        all.forEach(jars::add);
      }
    }
    Collections.sort(jars);
    return List.copyOf(jars);
  }

  Path webXml() {
    return root.resolve("WEB-INF/web.xml");
  }

  /** Something that a worker makes in an empty directory. */
  interface Maker {
    void makeIn(Path directory) throws IOException;
  }

  /** A directory that the first worker makes, and all others find. */
  Path once(String name, Maker maker) throws IOException {
    Path made = work.resolve(name);
    if (Files.isDirectory(made)) {
      return made;
    }
    Path fresh = Files.createTempDirectory(Files.createDirectories(work), name);
    try {
      maker.makeIn(fresh);
      Files.move(fresh, made, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(made)) { // else another worker was faster
        throw e;
      }
    } finally {
      delete(fresh);
    }
    return made;
  }

  /**
   * An empty directory that nobody else uses, not even the same WAR at another place in this
   * worker. Those of killed workers go.
   */
  Path ownDirectory() throws IOException {
    Files.createDirectories(work);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(work, OWN + "*")) {
      for (Path each : all) {
        long pid = Long.parseLong(each.getFileName().toString().split("-", 3)[1]);
        if (ProcessHandle.of(pid).isEmpty()) {
          delete(each);
        }
      }
    }
    return Files.createTempDirectory(work, OWN + ProcessHandle.current().pid() + "-");
  }

  static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> all = Files.walk(tree)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    }
  }

  /** {@code META-INF/resources} of the jars as files, one directory for each jar that has some. */
  List<Path> jarResources() throws IOException {
    List<Path> directories = new ArrayList<>();
    try (DirectoryStream<Path> each = Files.newDirectoryStream(root.resolveSibling("resources"))) {
      each.forEach(directories::add);
    }
    Collections.sort(directories);
    return directories;
  }

  /** Names of the packages below {@code WEB-INF/classes}. */
  List<String> ownPackages() throws IOException {
    if (!Files.isDirectory(classes)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(classes)) {
      return all.filter(path -> path.toString().endsWith(".class"))
          .map(path -> classes.relativize(path.getParent()).toString().replace('/', '.'))
          .distinct()
          .toList();
    }
  }
}
