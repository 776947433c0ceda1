package dev.tidepool.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The tree of a WAR, and the directory around it for what all workers make of it once. */
final class WarFiles {
  private static final String RESOURCES = "META-INF/resources/";

  final Path root;
  final Path classes;
  final List<Path> jars;

  WarFiles(Path root) throws IOException {
    this.root = root;
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

  /** A directory beside the tree that the first worker makes, and all others find. */
  Path once(String name, Maker maker) throws IOException {
    Path made = root.resolveSibling(name);
    if (Files.isDirectory(made)) {
      return made;
    }
    Path fresh = Files.createTempDirectory(root.getParent(), name);
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

  /** A directory beside the tree that only this worker uses. */
  Path ownDirectory(String name) throws IOException {
    return Files.createTempDirectory(root.getParent(), name);
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
    Path all =
        once(
            "resources",
            directory -> {
              for (Path jar : jars) {
                unpackResources(jar, directory.resolve(jar.getFileName()));
              }
            });
    List<Path> directories = new ArrayList<>();
    try (DirectoryStream<Path> each = Files.newDirectoryStream(all)) {
      each.forEach(directories::add);
    }
    Collections.sort(directories);
    return directories;
  }

  private static void unpackResources(Path jar, Path into) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      for (JarEntry entry : Collections.list(file.entries())) {
        if (entry.getName().startsWith(RESOURCES) && !entry.isDirectory()) {
          Path target = into.resolve(entry.getName().substring(RESOURCES.length())).normalize();
          if (!target.startsWith(into)) {
            throw new IOException(jar + ": entry " + entry.getName() + " would leave the jar");
          }
          Files.createDirectories(target.getParent());
          try (InputStream in = file.getInputStream(entry)) {
            Files.copy(in, target);
          }
          Files.setLastModifiedTime(target, entry.getLastModifiedTime());
        }
      }
    }
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
