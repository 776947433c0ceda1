package dev.tidepool.master;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

/** Directories with all that is in them. */
final class FileTree {
  private FileTree() {}

  /** Deletes a file or a directory with all that is in it, if it is there; follows no links. */
  static void delete(Path tree) throws IOException {
    try (DirectoryStream<Path> parent =
        Files.newDirectoryStream(tree.toAbsolutePath().getParent())) {
      delete((SecureDirectoryStream<Path>) parent, tree.getFileName()); // all are, on Linux
    }
  }

  /** By descriptors: some trees are workers', who might put a link in the place of a directory. */
  private static void delete(SecureDirectoryStream<Path> parent, Path name) throws IOException {
    try {
      if (!isDirectory(parent, name)) {
        parent.deleteFile(name);
        return;
      }
      try (var directory = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        for (Path child : directory) {
          delete(directory, child.getFileName());
        }
      }
      parent.deleteDirectory(name);
    } catch (NoSuchFileException e) {
      // nothing to do: it was not there, or whoever owns it was faster
    }
  }

  private static boolean isDirectory(SecureDirectoryStream<Path> parent, Path name)
      throws IOException {
    return parent
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes()
        .isDirectory();
  }
}
