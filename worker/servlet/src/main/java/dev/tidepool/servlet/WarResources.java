package dev.tidepool.servlet;

import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.server.handlers.resource.Resource;
import io.undertow.server.handlers.resource.ResourceChangeListener;
import io.undertow.server.handlers.resource.ResourceManager;
import io.undertow.util.ETag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of the WAR, then those in {@code META-INF/resources} of its jars. */
final class WarResources implements ResourceManager {
  private static final long SENDFILE_FROM_BYTES = 1024;

  private final List<ResourceManager> layers = new ArrayList<>();

  WarResources(WarFiles files) throws IOException {
    layers.add(layer(files.root));
    for (Path directory : files.jarResources()) {
      layers.add(layer(directory));
    }
  }

  private static ResourceManager layer(Path directory) {
    return PathResourceManager.builder()
        .setBase(directory)
        .setTransferMinSize(SENDFILE_FROM_BYTES)
        .setETagFunction(WarResources::tag)
        .build();
  }

  /** As nginx has it: the same in every worker and generation that serve the same file. */
  private static @Nullable ETag tag(Path file) {
    try {
      long seconds = Files.getLastModifiedTime(file).toMillis() / 1000;
      return new ETag(false, Long.toHexString(seconds) + "-" + Long.toHexString(Files.size(file)));
    } catch (IOException e) {
      return null;
    }
  }

  /** A directory of the first layer hides no file of another. */
  @Override
  public @Nullable Resource getResource(String path) throws IOException {
    Resource directory = null;
    for (ResourceManager layer : layers) {
      Resource found = layer.getResource(path);
      if (found != null && !found.isDirectory()) {
        return found;
      }
      directory = directory != null ? directory : found;
    }
    return directory;
  }

  @Override
  public boolean isResourceChangeListenerSupported() {
    return false;
  }

  @Override
  public void registerResourceChangeListener(ResourceChangeListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void removeResourceChangeListener(ResourceChangeListener listener) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() throws IOException {
    for (ResourceManager layer : layers) {
      layer.close();
    }
  }
}
