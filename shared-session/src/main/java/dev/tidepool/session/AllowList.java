package dev.tidepool.session;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Classes whose objects may be made from the bytes of a session: the app's own, by name or by
 * {@code package.*} (sub-packages included), and a fixed set of plain values and collections.
 */
public final class AllowList {
  private static final Set<String> JDK =
      Set.of(
          "java.lang.Boolean",
          "java.lang.Byte",
          "java.lang.Character",
          "java.lang.Double",
          "java.lang.Enum",
          "java.lang.Float",
          "java.lang.Integer",
          "java.lang.Long",
          "java.lang.Number",
          "java.lang.Object",
          "java.lang.Short",
          "java.lang.String",
          "java.lang.String$CaseInsensitiveComparator",
          "java.lang.StringBuilder",
          "java.math.BigDecimal",
          "java.math.BigInteger",
          "java.net.URI",
          "java.util.ArrayDeque",
          "java.util.ArrayList",
          "java.util.Arrays$ArrayList",
          "java.util.BitSet",
          "java.util.CollSer",
          "java.util.Currency",
          "java.util.Date",
          "java.util.EnumMap",
          "java.util.EnumSet",
          "java.util.EnumSet$SerializationProxy",
          "java.util.HashMap",
          "java.util.HashSet",
          "java.util.IdentityHashMap",
          "java.util.JumboEnumSet",
          "java.util.LinkedHashMap",
          "java.util.LinkedHashSet",
          "java.util.LinkedList",
          "java.util.Locale",
          "java.util.Map$Entry",
          "java.util.Optional",
          "java.util.RegularEnumSet",
          "java.util.TreeMap",
          "java.util.TreeSet",
          "java.util.UUID",
          "java.util.Vector",
          "java.util.concurrent.ConcurrentHashMap",
          "java.util.concurrent.ConcurrentHashMap$Segment",
          "java.util.concurrent.CopyOnWriteArrayList",
          "java.util.concurrent.atomic.AtomicBoolean",
          "java.util.concurrent.atomic.AtomicInteger",
          "java.util.concurrent.atomic.AtomicLong",
          "java.util.concurrent.locks.AbstractOwnableSynchronizer",
          "java.util.concurrent.locks.AbstractQueuedSynchronizer",
          "java.util.concurrent.locks.ReentrantLock",
          "java.util.concurrent.locks.ReentrantLock$NonfairSync",
          "java.util.concurrent.locks.ReentrantLock$Sync");
  private static final List<String> JDK_PREFIXES =
      List.of(
          "java.time.",
          "java.util.ImmutableCollections$",
          "java.util.Collections$Empty",
          "java.util.Collections$Singleton",
          "java.util.Collections$Unmodifiable",
          "java.util.Collections$Synchronized");

  private final Set<String> names = new HashSet<>();
  private final Set<String> packages = new HashSet<>();

  /** Patterns: {@code com.example.Cart} or {@code com.example.*}. */
  public AllowList(List<String> patterns) {
    for (String pattern : patterns) {
      if (pattern.endsWith(".*") && pattern.length() > 2) {
        packages.add(pattern.substring(0, pattern.length() - 1));
      } else if (pattern.isEmpty() || pattern.contains("*")) {
        throw new IllegalArgumentException(pattern + ", expected a class name or package.*");
      } else {
        names.add(pattern);
      }
    }
  }

  /** True if the class of this name, as of {@link Class#getName}, or array of it, is allowed. */
  public boolean permits(String className) {
    String name = className;
    if (name.startsWith("[")) {
      name = name.substring(name.lastIndexOf('[') + 1);
      if (name.length() == 1) {
        return true; // of primitives
      }
      name = name.substring(1, name.length() - 1);
    }
    return JDK.contains(name)
        || names.contains(name)
        || JDK_PREFIXES.stream().anyMatch(name::startsWith)
        || packages.stream().anyMatch(name::startsWith);
  }
}
