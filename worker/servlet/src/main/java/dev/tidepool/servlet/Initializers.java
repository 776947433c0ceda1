package dev.tidepool.servlet;

import io.undertow.servlet.api.InstanceFactory;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.annotation.HandlesTypes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.IndexView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@link ServletContainerInitializer}s of a WAR with the classes that they ask for. */
final class Initializers {
  private static final Logger log = LoggerFactory.getLogger(Initializers.class);
  private static final String SERVICE =
      "META-INF/services/" + ServletContainerInitializer.class.getName();

  private final WarClassLoader loader;
  private final IndexView index;
  private final Instances instances;

  Initializers(WarClassLoader loader, IndexView index, Instances instances) {
    this.loader = loader;
    this.index = index;
    this.instances = instances;
  }

  /**
   * All of them, in the order of the jars.
   *
   * @param excluded jars that an absolute ordering leaves out
   */
  List<ServletContainerInitializerInfo> find(Set<Path> excluded)
      throws IOException, ClassNotFoundException, NoSuchMethodException {
    Set<String> names = new LinkedHashSet<>();
    for (URL url : Collections.list(loader.findResources(SERVICE))) {
      if (excluded.stream().noneMatch(jar -> url.toString().contains(jar.toUri() + "!"))) {
        names.addAll(lines(url));
      }
    }
    List<ServletContainerInitializerInfo> found = new ArrayList<>();
    for (String name : names) {
      var type = loader.loadClass(name).asSubclass(ServletContainerInitializer.class);
      InstanceFactory<? extends ServletContainerInitializer> factory =
          instances.createInstanceFactory(type);
      found.add(new ServletContainerInitializerInfo(type, factory, handled(type)));
    }
    return found;
  }

  private static List<String> lines(URL url) throws IOException {
    var connection = url.openConnection();
    connection.setUseCaches(false);
    try (var in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
      return in.lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .toList();
    }
  }

  /** Null if there are none: so the API says. */
  private @Nullable Set<Class<?>> handled(Class<?> initializer) {
    HandlesTypes handles = initializer.getAnnotation(HandlesTypes.class);
    if (handles == null) {
      return null;
    }
    Set<String> names = new LinkedHashSet<>();
    for (Class<?> type : handles.value()) {
      names.addAll(namesFor(type));
    }
    Set<Class<?>> classes = new LinkedHashSet<>();
    for (String name : names) {
      try {
        classes.add(loader.loadClass(name));
      } catch (ClassNotFoundException | LinkageError e) {
        log.debug("{} is not handed to {}: it cannot be loaded", name, initializer, e);
      }
    }
    return classes.isEmpty() ? null : classes;
  }

  private Set<String> namesFor(Class<?> type) {
    Set<String> names = new LinkedHashSet<>();
    if (type.isAnnotation()) {
      for (AnnotationInstance use : index.getAnnotations(type.getName())) {
        ClassInfo declaring = declaring(use.target());
        if (declaring != null) {
          addWithSubclasses(declaring, names);
        }
      }
      return names;
    }
    if (type.isInterface()) {
      add(index.getAllKnownSubinterfaces(type.getName()), names);
      add(index.getAllKnownImplementations(type.getName()), names);
    } else {
      add(index.getAllKnownSubclasses(type.getName()), names);
    }
    return names;
  }

  /** Annotations of any kind are meant, also those on members and those inherited. */
  private void addWithSubclasses(ClassInfo declaring, Set<String> names) {
    add(List.of(declaring), names);
    add(index.getAllKnownSubclasses(declaring.name()), names);
  }

  private static @Nullable ClassInfo declaring(AnnotationTarget target) {
    return switch (target.kind()) {
      case CLASS -> target.asClass();
      case FIELD -> target.asField().declaringClass();
      case METHOD -> target.asMethod().declaringClass();
      case METHOD_PARAMETER -> target.asMethodParameter().method().declaringClass();
      default -> null;
    };
  }

  /** The classes of the API itself are not the WAR's. */
  private static void add(Iterable<ClassInfo> classes, Set<String> names) {
    for (ClassInfo each : classes) {
      if (!each.name().toString().startsWith("jakarta.servlet.")) {
        names.add(each.name().toString());
      }
    }
  }
}
