package dev.tidepool.servlet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a WAR says of itself, in one.
 *
 * @param excluded jars that its absolute ordering leaves out
 */
record WebApp(Descriptor descriptor, ClassIndex index, Set<Path> excluded) {

  /**
   * Reads web.xml, fragments and annotations.
   *
   * @throws IOException one line with what is wrong, or needs another server
   */
  static WebApp read(WarFiles files) throws IOException {
    ClassIndex index = ClassIndex.of(files);
    Xml webXml = webXml(files);
    Descriptor merged = webXml == null ? new Descriptor() : DescriptorReader.read(webXml);
    List<Fragment> all = new ArrayList<>();
    for (Path jar : files.jars) {
      all.add(Fragment.of(jar));
    }
    Xml absolute = webXml == null ? null : webXml.child("absolute-ordering");
    List<Fragment> fragments = Fragment.ordered(all, absolute);
    if (!merged.metadataComplete) {
      merged.merge(Annotations.read(index.classes()));
      for (Fragment fragment : fragments) {
        Descriptor of = fragment.descriptor();
        if (of != null) {
          merged.merge(of);
        }
        if (of == null || !of.metadataComplete) {
          merged.merge(Annotations.read(index.of(fragment.jar())));
        }
      }
    }
    merged.unsupported.addAll(Annotations.unsupported(index.classes()));
    if (!merged.unsupported.isEmpty()) {
      throw new IOException(
          "it needs a full Jakarta EE server, for "
              + String.join(", ", new HashSet<>(merged.unsupported)));
    }
    Set<Path> excluded = new HashSet<>(files.jars);
    fragments.forEach(fragment -> excluded.remove(fragment.jar()));
    return new WebApp(merged, index, excluded);
  }

  private static @Nullable Xml webXml(WarFiles files) throws IOException {
    Path file = files.webXml();
    return Files.exists(file) ? Xml.read(Files.newInputStream(file), "WEB-INF/web.xml") : null;
  }
}
