package dev.tidepool.servlet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * A jar of the WAR with its {@code web-fragment.xml}, if it has one.
 *
 * @param name null unless the fragment has one
 */
record Fragment(
    Path jar, @Nullable String name, @Nullable Descriptor descriptor, Order before, Order after) {
  private static final String FILE = "META-INF/web-fragment.xml";

  /** Whom a fragment wants to follow, or to be followed by. */
  record Order(Set<String> names, boolean others) {
    private static Order of(@Nullable Xml ordering, String which) {
      Xml in = ordering == null ? null : ordering.child(which);
      return in == null
          ? new Order(Set.of(), false)
          : new Order(Set.copyOf(in.texts("name")), in.child("others") != null);
    }
  }

  static Fragment of(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      ZipEntry entry = file.getEntry(FILE);
      if (entry == null) {
        return new Fragment(jar, null, null, Order.of(null, ""), Order.of(null, ""));
      }
      Xml document = Xml.read(file.getInputStream(entry), jar.getFileName() + "!/" + FILE);
      Xml ordering = document.child("ordering");
      return new Fragment(
          jar,
          document.text("name"),
          DescriptorReader.read(document),
          Order.of(ordering, "before"),
          Order.of(ordering, "after"));
    }
  }

  /**
   * Puts fragments in the order in which they count (Servlet 6.0, 8.2.2).
   *
   * @param absolute the {@code absolute-ordering} of web.xml, or null; what it does not name and
   *     has no {@code others} for is left out
   * @throws IOException if their wishes go in a circle
   */
  static List<Fragment> ordered(List<Fragment> all, @Nullable Xml absolute) throws IOException {
    return absolute != null ? absolutely(all, absolute) : relatively(all);
  }

  private static List<Fragment> absolutely(List<Fragment> all, Xml absolute) {
    Map<String, Fragment> named = new LinkedHashMap<>();
    for (Fragment each : all) {
      if (each.name != null) {
        named.putIfAbsent(each.name, each);
      }
    }
    List<Fragment> others = new ArrayList<>(all);
    absolute.texts("name").forEach(name -> others.remove(named.get(name)));
    Set<Fragment> ordered = new LinkedHashSet<>();
    for (Xml child : absolute.children()) {
      if (child.name().equals("others")) {
        ordered.addAll(others);
      } else if (named.containsKey(child.text())) {
        ordered.add(named.get(child.text()));
      }
    }
    return List.copyOf(ordered);
  }

  private static List<Fragment> relatively(List<Fragment> all) throws IOException {
    List<Fragment> left = new ArrayList<>(all);
    List<Fragment> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      Fragment next =
          left.stream()
              .filter(each -> left.stream().noneMatch(other -> other.mustPrecede(each)))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IOException(
                          "the <ordering> of these fragments goes in a circle: "
                              + left.stream().map(Fragment::name).toList()));
      left.remove(next);
      ordered.add(next);
    }
    return ordered;
  }

  private boolean mustPrecede(Fragment other) {
    if (equals(other)) {
      return false;
    }
    boolean named = names(before, other) || names(other.after, this);
    boolean namedOtherwise = names(after, other) || names(other.before, this);
    boolean others =
        (before.others && !other.before.others) || (other.after.others && !after.others);
    return named || (others && !namedOtherwise);
  }

  private static boolean names(Order order, Fragment fragment) {
    return fragment.name != null && order.names.contains(fragment.name);
  }
}
