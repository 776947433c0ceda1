package dev.tidepool.servlet;

import dev.tidepool.servlet.Descriptor.EnvEntry;
import dev.tidepool.servlet.Descriptor.InjectionTarget;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values of the {@code env-entry} elements of a WAR: for JNDI, and for what is injected. */
final class Environment {
  static final Environment EMPTY = new Environment();
  private static final String SCHEME = "java:";
  private static final String OWN = "comp/env/";

  private final NavigableMap<String, Object> values = new TreeMap<>();
  private final Map<InjectionTarget, Object> targets = new HashMap<>();

  private Environment() {}

  /**
   * What the descriptor says. An entry without a value is none (Jakarta EE platform, 5.4.1.3).
   *
   * @throws IOException if a value is none of its type
   */
  static Environment of(Descriptor descriptor, ClassLoader loader) throws IOException {
    var environment = new Environment();
    for (EnvEntry entry : descriptor.environment.values()) {
      if (entry.value() != null) {
        environment.values.put(key(entry.name()), value(entry, entry.value(), loader));
      }
    }
    for (EnvEntry entry : descriptor.environment.values()) {
      if (entry.lookup() != null) {
        environment.values.put(key(entry.name()), environment.required(entry, entry.lookup()));
      }
    }
    for (EnvEntry entry : descriptor.environment.values()) {
      Object value = environment.value(entry.name());
      if (value != null) {
        entry.targets().forEach(target -> environment.targets.put(target, value));
      }
    }
    return environment;
  }

  private Object required(EnvEntry entry, String other) throws IOException {
    Object value = value(other);
    if (value == null) {
      throw new IOException(
          "env-entry %s: <lookup-name>%s</lookup-name> is no env-entry with a value"
              .formatted(entry.name(), other));
    }
    return value;
  }

  /** Below {@code java:}, as JNDI knows it. */
  private static String key(String name) {
    return name.startsWith(SCHEME) ? name.substring(SCHEME.length()) : OWN + name;
  }

  /**
   * Of one entry.
   *
   * @param name below {@code java:comp/env/}, or from {@code java:} on
   */
  @Nullable Object value(String name) {
    return values.get(key(name));
  }

  /** What web.xml injects into a field or property of a class. */
  @Nullable Object injected(Class<?> type, String member) {
    return targets.get(new InjectionTarget(type.getName(), member));
  }

  /** All by their names below {@code java:}. */
  NavigableMap<String, Object> values() {
    return values;
  }

  private static Object value(EnvEntry entry, String text, ClassLoader loader) throws IOException {
    try {
      Class<?> type = type(entry, loader);
      return type.isEnum() ? constant(type, text) : value(type, text, loader);
    } catch (IllegalArgumentException
        | IndexOutOfBoundsException
        | ReflectiveOperationException
        | LinkageError e) {
      String type = entry.type() == null ? "as its injection-target" : "a " + entry.type();
      throw new IOException(
          "env-entry %s: \"%s\", expected %s".formatted(entry.name(), text, type), e);
    }
  }

  private static Object value(Class<?> type, String text, ClassLoader loader)
      throws ClassNotFoundException {
    return switch (type.getName()) {
      case "java.lang.String" -> text;
      case "java.lang.Class" -> loader.loadClass(text);
      case "java.lang.Boolean", "boolean" -> Boolean.valueOf(text);
      case "java.lang.Byte", "byte" -> Byte.valueOf(text);
      case "java.lang.Character", "char" -> text.charAt(0);
      case "java.lang.Double", "double" -> Double.valueOf(text);
      case "java.lang.Float", "float" -> Float.valueOf(text);
      case "java.lang.Integer", "int" -> Integer.valueOf(text);
      case "java.lang.Long", "long" -> Long.valueOf(text);
      case "java.lang.Short", "short" -> Short.valueOf(text);
      default -> throw new IllegalArgumentException(type + " is no type of an env-entry");
    };
  }

  private static Object constant(Class<?> type, String name) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(type + " has no " + name);
  }

  /** As it says, or as what it is injected into does; else a text. */
  private static Class<?> type(EnvEntry entry, ClassLoader loader)
      throws ReflectiveOperationException {
    if (entry.type() != null) {
      return loader.loadClass(entry.type());
    }
    if (entry.targets().isEmpty()) {
      return String.class;
    }
    InjectionTarget target = entry.targets().get(0);
    Class<?> type = loader.loadClass(target.className());
    for (Method method : type.getDeclaredMethods()) {
      if (Instances.isSetter(method) && Instances.property(method).equals(target.member())) {
        return method.getParameterTypes()[0];
      }
    }
    Field field = type.getDeclaredField(target.member());
    return field.getType();
  }

  /** Whether values of this type can be those of an entry. */
  static boolean mayBe(Class<?> type) {
    return type.isPrimitive()
        || type.isEnum()
        || type == Object.class
        || type == Character.class
        || type == Boolean.class
        || type == Class.class
        || type == String.class
        || (type.getName().startsWith("java.lang.") && Number.class.isAssignableFrom(type));
  }
}
