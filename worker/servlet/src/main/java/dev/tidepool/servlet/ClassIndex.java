package dev.tidepool.servlet;

import jakarta.servlet.Servlet;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jboss.jandex.CompositeIndex;
import org.jboss.jandex.Index;
import org.jboss.jandex.IndexReader;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.IndexWriter;
import org.jboss.jandex.Indexer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the class files of a WAR say of supertypes and annotations, without loading one. Made by the
 * first worker and kept for the others, since reading thousands of classes takes seconds.
 */
final class ClassIndex {
  private static final Logger log = LoggerFactory.getLogger(ClassIndex.class);
  private static final String CLASSES = "classes";
  private static final String API = "api";

  private final Map<String, Index> byArchive = new LinkedHashMap<>();
  private final IndexView all;

  private ClassIndex(Path directory, WarFiles files) throws IOException {
    List<IndexView> views = new ArrayList<>();
    for (String name : names(files)) {
      try (InputStream in = Files.newInputStream(directory.resolve(name))) {
        Index index = new IndexReader(in).read();
        byArchive.put(name, index);
        views.add(index);
      }
    }
    all = CompositeIndex.create(views);
  }

  static ClassIndex of(WarFiles files) throws IOException {
    return new ClassIndex(files.once("index", directory -> make(files, directory)), files);
  }

  private static List<String> names(WarFiles files) {
    List<String> names = new ArrayList<>(List.of(CLASSES));
    files.jars.forEach(jar -> names.add(jar.getFileName().toString()));
    names.add(API);
    return names;
  }

  private static void make(WarFiles files, Path directory) throws IOException {
    write(directory.resolve(CLASSES), ofTree(files.classes));
    for (Path jar : files.jars) {
      write(directory.resolve(jar.getFileName()), ofJar(jar.toFile()));
    }
    // Without it a subclass of HttpServlet is not known to be a Servlet.
    write(directory.resolve(API), ofJar(servletApi()));
  }

  private static File servletApi() throws IOException {
    try {
      return new File(Servlet.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static void write(Path file, Index index) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      new IndexWriter(out).write(index);
    }
  }

  private static Index ofTree(Path classes) throws IOException {
    var indexer = new Indexer();
    if (Files.isDirectory(classes)) {
      try (Stream<Path> found = Files.walk(classes)) {
        for (Path file : found.sorted().toList()) {
          if (isClass(classes.relativize(file).toString())) {
            add(indexer, Files.newInputStream(file), file);
          }
        }
      }
    }
    return indexer.complete();
  }

  private static Index ofJar(File jar) throws IOException {
    var indexer = new Indexer();
    try (var file = new JarFile(jar)) {
      for (JarEntry entry : Collections.list(file.entries())) {
        if (isClass(entry.getName())) {
          add(indexer, file.getInputStream(entry), entry);
        }
      }
    }
    return indexer.complete();
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class")
        && !name.startsWith("META-INF/")
        && !name.endsWith("module-info.class");
  }

  /** A class that cannot be read here fails when it is used, if ever. */
  private static void add(Indexer indexer, InputStream in, Object source) {
    try (in) {
      indexer.index(in);
    } catch (IOException | RuntimeException e) {
      log.debug("{} is passed over", source, e);
    }
  }

  Index classes() {
    return archive(CLASSES);
  }

  Index of(Path jar) {
    return archive(jar.getFileName().toString());
  }

  private Index archive(String name) {
    Index index = byArchive.get(name);
    if (index == null) {
      throw new IllegalArgumentException("no index of " + name);
    }
    return index;
  }

  /** Everything, with the servlet API. */
  IndexView all() {
    return all;
  }

  /** All but the API. */
  Collection<Index> archives() {
    var archives = new LinkedHashMap<>(byArchive);
    archives.remove(API);
    return archives.values();
  }
}
