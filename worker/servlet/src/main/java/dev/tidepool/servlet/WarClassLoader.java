package dev.tidepool.servlet;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Loads a WAR's classes, its own first (Servlet 6.0, 10.7.2). It sees the APIs that the container
 * implements and what JSPs and WebSockets need at run time, and nothing else of the worker.
 */
final class WarClassLoader extends URLClassLoader {

  /** The container's, even if the WAR bundles them: both must mean the same classes. */
  private static final List<String> CONTAINER =
      List.of(
          "jakarta.servlet.",
          "jakarta.el.",
          "jakarta.websocket.",
          "jakarta.annotation.",
          "org.apache.jasper.",
          "dev.tidepool.servlet.java.", // looked for here by JNDI
          "org.apache.tomcat.InstanceManager"); // Jastow has it, for JSPs

  /** The container's unless the WAR bundles them. */
  private static final List<String> FALLBACK =
      List.of(
          "jakarta.servlet.jsp.jstl.",
          "jakarta.transaction.",
          "org.apache.taglibs.standard.",
          "org.glassfish.expressly.",
          "com.sun.el.", // where the API looks for it
          "io.undertow.",
          "org.apache.fory.", // looked for here by the code that it generates for objects in
          // sessions
          "dev.tidepool.servlet.UserAccount"); // in sessions

  private static final List<String> PLATFORM =
      List.of("java.", "javax.", "jdk.", "sun.", "org.w3c.dom.", "org.xml.sax.");

  /** Implementations of APIs that are found by their services. */
  private static final List<String> SERVICES =
      List.of("META-INF/services/jakarta.el.", "META-INF/services/jakarta.websocket.");

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader container;
  private volatile Environment environment = Environment.EMPTY;

  WarClassLoader(WarFiles files, ClassLoader container) throws IOException {
    super("war", urls(files), ClassLoader.getPlatformClassLoader());
    this.container = container;
  }

  private static URL[] urls(WarFiles files) throws IOException {
    List<URL> urls = new ArrayList<>();
    if (Files.isDirectory(files.classes)) {
      urls.add(files.classes.toUri().toURL());
    }
    for (Path jar : files.jars) {
      urls.add(jar.toUri().toURL());
    }
    return urls.toArray(URL[]::new);
  }

  /** What its classes find below {@code java:} from now on. */
  void environment(Environment of) {
    environment = of;
  }

  Environment environment() {
    return environment;
  }

  private static boolean isIn(List<String> prefixes, String name) {
    for (String prefix : prefixes) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    boolean fallback = isIn(FALLBACK, name);
    if (!fallback && isIn(CONTAINER, name)) {
      return container.loadClass(name);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        loaded = isIn(PLATFORM, name) ? fromPlatformOrWar(name) : fromWar(name, fallback);
      }
      if (resolve) {
        resolveClass(loaded);
      }
      return loaded;
    }
  }

  private Class<?> fromPlatformOrWar(String name) throws ClassNotFoundException {
    try {
      return getParent().loadClass(name);
    } catch (ClassNotFoundException e) {
      return findClass(name);
    }
  }

  private Class<?> fromWar(String name, boolean fallback) throws ClassNotFoundException {
    try {
      return findClass(name);
    } catch (ClassNotFoundException e) {
      return fallback ? container.loadClass(name) : getParent().loadClass(name);
    }
  }

  @Override
  public @Nullable URL getResource(String name) {
    String asClass = name.replace('/', '.');
    boolean fallback = isIn(FALLBACK, asClass);
    if (!fallback && isIn(CONTAINER, asClass)) {
      return container.getResource(name);
    }
    URL own = findResource(name);
    if (own != null) {
      return own;
    }
    return fallback || isIn(SERVICES, name)
        ? container.getResource(name)
        : getParent().getResource(name);
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    List<URL> all = new ArrayList<>(Collections.list(findResources(name)));
    boolean ofContainer = isIn(SERVICES, name) || isIn(FALLBACK, name.replace('/', '.'));
    all.addAll(Collections.list((ofContainer ? container : getParent()).getResources(name)));
    return Collections.enumeration(all);
  }
}
