package dev.tidepool.servlet;

import dev.tidepool.servlet.java.javaURLContextFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import javax.naming.Binding;
import javax.naming.Context;
import javax.naming.NameClassPair;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NotContextException;

/** {@code java:} of a WAR, or what is below one name there. */
@SuppressWarnings("BanJNDI") // it is one, and asks no other
public final class EnvironmentContext extends ReadOnlyContext {
  private static final String SCHEME = "java:";

  /** There, even if nothing is in them. */
  private static final Set<String> ALWAYS = Set.of("", "comp/", "comp/env/");

  private final NavigableMap<String, Object> values;

  /** Empty, or with a slash at its end. */
  private final String prefix;

  private EnvironmentContext(NavigableMap<String, Object> values, String prefix) {
    this.values = values;
    this.prefix = prefix;
  }

  /** Lets {@code InitialContext} find it, as the JDK's documentation of JNDI describes. */
  static void install() {
    System.setProperty(Context.INITIAL_CONTEXT_FACTORY, javaURLContextFactory.class.getName());
    System.setProperty(Context.URL_PKG_PREFIXES, EnvironmentContext.class.getPackageName());
  }

  /** Of the WAR whose code runs on this thread; of anything else, an empty one. */
  public static Context ofThisThread() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    while (loader != null && !(loader instanceof WarClassLoader)) {
      loader = loader.getParent();
    }
    Environment environment =
        loader instanceof WarClassLoader war ? war.environment() : Environment.EMPTY;
    return new EnvironmentContext(environment.values(), "");
  }

  @Override
  public Object lookup(String name) throws NameNotFoundException {
    String path = prefix + name.replaceFirst("^" + SCHEME, "").replaceFirst("/$", "");
    if (path.isEmpty() || path.equals(prefix)) {
      return this;
    }
    Object value = values.get(path);
    if (value != null) {
      return value;
    }
    String below = path.endsWith("/") ? path : path + "/";
    String next = values.ceilingKey(below);
    if (ALWAYS.contains(below) || (next != null && next.startsWith(below))) {
      return new EnvironmentContext(values, below);
    }
    throw new NameNotFoundException(
        SCHEME + path + " is no env-entry of the WAR, and there are no other resources");
  }

  @Override
  public NamingEnumeration<NameClassPair> list(String name)
      throws NameNotFoundException, NotContextException {
    List<NameClassPair> pairs = new ArrayList<>();
    for (Binding binding : at(name).bindings()) {
      pairs.add(new NameClassPair(binding.getName(), binding.getClassName()));
    }
    return new Listed<>(pairs.iterator());
  }

  @Override
  public NamingEnumeration<Binding> listBindings(String name)
      throws NameNotFoundException, NotContextException {
    return new Listed<>(at(name).bindings().iterator());
  }

  private EnvironmentContext at(String name) throws NameNotFoundException, NotContextException {
    if (lookup(name) instanceof EnvironmentContext context) {
      return context;
    }
    throw new NotContextException(SCHEME + prefix + name + " is a value");
  }

  private List<Binding> bindings() throws NameNotFoundException {
    Set<String> names = new TreeSet<>();
    values.keySet().stream()
        .filter(path -> path.startsWith(prefix))
        .forEach(path -> names.add(path.substring(prefix.length()).replaceFirst("/.*", "")));
    List<Binding> bindings = new ArrayList<>();
    for (String name : names) {
      bindings.add(new Binding(name, lookup(name)));
    }
    return bindings;
  }

  @Override
  public String getNameInNamespace() {
    return SCHEME + prefix.replaceFirst("/$", "");
  }

  private record Listed<T>(Iterator<T> left) implements NamingEnumeration<T> {
    @Override
    public boolean hasMore() {
      return left.hasNext();
    }

    @Override
    public T next() {
      return left.next();
    }

    @Override
    public boolean hasMoreElements() {
      return left.hasNext();
    }

    @Override
    public T nextElement() {
      return left.next();
    }

    @Override
    public void close() {}
  }
}
