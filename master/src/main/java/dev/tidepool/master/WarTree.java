package dev.tidepool.master;

import dev.tidepool.conf.AppSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The files of a WAR. */
final class WarTree {
  static final String WEB_INF = "WEB-INF/";
  static final String WEB_XML = "WEB-INF/web.xml";

  private WarTree() {}

  /** Unpacks a WAR into a new directory, with the times that its entries have. */
  static void unpack(Path war, Path into) throws IOException {
    unpack(war, "", into);
  }

  /**
   * Unpacks what the jars of a WAR add to its files, into one directory for each jar that has some.
   *
   * @param tree the WAR's
   */
  static void unpackResources(Path tree, Path into) throws IOException {
    Files.createDirectory(into);
    Path lib = tree.resolve("WEB-INF/lib");
    if (!Files.isDirectory(lib)) {
      return;
    }
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(lib, "*.jar")) {
      for (Path jar : jars) {
        unpack(jar, "META-INF/resources/", into.resolve(jar.getFileName()));
      }
    }
  }

  private static void unpack(Path archive, String below, Path into) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (var entries = zip.entries(); entries.hasMoreElements(); ) {
        ZipEntry entry = entries.nextElement();
        if (!entry.getName().startsWith(below)) {
          continue;
        }
        Path file = into.resolve(entry.getName().substring(below.length())).normalize();
        if (!file.startsWith(into)) {
          throw new IOException("entry " + entry.getName() + " would leave the WAR");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, file);
        }
        Files.setLastModifiedTime(file, entry.getLastModifiedTime());
      }
    } catch (ZipException e) {
      throw new IOException(archive.getFileName() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Copies the tree of an app into a new directory; links become what they point to.
   *
   * @throws IOException also if a file changed meanwhile
   */
  static void copy(AppSettings app, Path into) throws IOException {
    Path source = app.path();
    List<String> before = listing(source);
    for (Path path : paths(source)) {
      Path target = into.resolve(source.relativize(path).toString());
      if (Files.isDirectory(path)) {
        Files.createDirectories(target);
      } else {
        Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    if (!listing(source).equals(before)) {
      throw new IOException(AppArchive.setting(app) + ": changed while it was copied; try again");
    }
  }

  private static List<String> listing(Path tree) throws IOException {
    List<String> files = new ArrayList<>();
    for (Path path : paths(tree)) {
      if (Files.isRegularFile(path)) {
        files.add(path + " " + Files.size(path) + " " + Files.getLastModifiedTime(path));
      }
    }
    return files;
  }

  private static List<Path> paths(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree, FileVisitOption.FOLLOW_LINKS)) {
      return all.sorted().toList();
    }
  }

  /** Adds the names and contents of all files. */
  static void digest(Path tree, MessageDigest digest) throws IOException {
    for (Path path : paths(tree)) {
      if (Files.isRegularFile(path)) {
        String head = tree.relativize(path) + "\0" + Files.size(path) + "\0";
        digest.update(head.getBytes(StandardCharsets.UTF_8));
        GenerationStore.digest(path, digest);
      }
    }
  }

  /**
   * Reads XML to its end; closes it.
   *
   * @throws IOException if it is not well-formed
   */
  static void checkXml(InputStream webXml) throws IOException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    try (webXml) {
      XMLStreamReader reader = factory.createXMLStreamReader(webXml);
      while (reader.hasNext()) {
        reader.next();
      }
    } catch (XMLStreamException e) {
      String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
      throw new IOException(WEB_XML + ": " + reason, e);
    }
  }
}
