package dev.tidepool.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one section. A value that is not what it should be is noted as a problem
 * and its default is returned instead, so that reading goes on to the next problem. Ranges are
 * given in the words of {@code reference.conf}, and so appear in messages.
 */
final class Section {
  private static final Pattern BARE_NUMBER = Pattern.compile("\\s*[-+]?[0-9.]*[1-9][0-9.]*\\s*");

  private final String prefix;
  private final Config at;
  private final Config defaults;
  private final Problems problems;

  /** The keys of {@code root} itself. */
  Section(Config root, Problems problems) {
    this.prefix = "";
    this.at = root;
    this.defaults = Reference.DEFAULTS;
    this.problems = problems;
  }

  /** The section {@code name} of {@code root}. */
  Section(Config root, String name, Problems problems) {
    this.prefix = name + ".";
    this.defaults = Reference.DEFAULTS.getConfig(name);
    this.problems = problems;
    ConfigValue value = raw(root, name);
    if (value instanceof ConfigObject section) {
      this.at = section.toConfig();
    } else {
      this.at = defaults;
      problems.add(name, value, "expected a section { … }");
    }
  }

  private Section(String prefix, Config at, Config defaults, Problems problems) {
    this.prefix = prefix;
    this.at = at;
    this.defaults = defaults;
    this.problems = problems;
  }

  /**
   * The sections below {@code key}, by the names that the user invented for them. Each may hold any
   * of {@code keys}; what it lacks is as in this section.
   */
  Map<String, Section> named(String key, Set<String> keys) {
    Map<String, Section> sections = new LinkedHashMap<>();
    free(key)
        .root()
        .forEach(
            (name, value) -> {
              String inside = prefix + key + ".\"" + name + "\"";
              if (!(value instanceof ConfigObject given)) {
                problems.add(inside, value, "expected a section { … }");
                return;
              }
              given.forEach(
                  (inner, its) -> {
                    if (!keys.contains(inner)) {
                      problems.add(
                          inside + "." + inner,
                          its,
                          "unknown key; known are " + String.join(", ", new TreeSet<>(keys)));
                    }
                  });
              Config filled = given.toConfig().withFallback(at);
              sections.put(name, new Section(inside + ".", filled, defaults, problems));
            });
    return sections;
  }

  /** A section whose keys {@code reference.conf} cannot list, since it is one of any number. */
  Section of(String key, ConfigObject object, Config defaults) {
    // Not withFallback: an object that has replaced a value of another type ignores it.
    ConfigObject whole = defaults.root();
    for (Map.Entry<String, ConfigValue> given : object.entrySet()) {
      whole = whole.withValue(given.getKey(), given.getValue());
    }
    return new Section(prefix + key + ".", whole.toConfig(), defaults, problems);
  }

  /** Notes each key that has no default as a problem. */
  void onlyKnown() {
    for (String key : at.root().keySet()) {
      if (!defaults.root().containsKey(key)) {
        problem(key, "unknown key; there are " + String.join(", ", defaults.root().keySet()));
      }
    }
  }

  int integer(String key, int min, int max) {
    String expectation = "expected a whole number, " + min + " to " + max;
    return read(
        key,
        expectation,
        from -> Integer.parseInt(from.getString(key).strip()),
        number -> min <= number && number <= max);
  }

  double fraction(String key, double min, double max) {
    String expectation = "expected a number, " + min + " to " + max;
    return read(
        key,
        expectation,
        from -> Double.parseDouble(from.getString(key)),
        number -> min <= number && number <= max);
  }

  boolean flag(String key) {
    return read(key, "expected true or false", from -> from.getBoolean(key), flag -> true);
  }

  /** The library takes a bare number for milliseconds; here a unit is asked for. */
  Duration duration(String key, String min, String max) {
    Duration least = constant(min).getDuration("it");
    Duration most = constant(max).getDuration("it");
    return read(
        key,
        "expected a duration with its unit, " + min + " to " + max,
        from -> {
          if (BARE_NUMBER.matcher(from.getString(key)).matches()) {
            throw new IllegalArgumentException("no unit");
          }
          return from.getDuration(key);
        },
        duration -> duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0);
  }

  long bytes(String key, String min, String max) {
    long least = constant(min).getBytes("it");
    long most = constant(max).getBytes("it");
    return read(
        key,
        "expected a size, " + min + " to " + max,
        from -> from.getBytes(key),
        bytes -> least <= bytes && bytes <= most);
  }

  /** Empty for the empty text. */
  Optional<Long> optionalBytes(String key, String min, String max) {
    long least = constant(min).getBytes("it");
    long most = constant(max).getBytes("it");
    return read(
        key,
        "expected a size, " + min + " to " + max + ", or empty",
        from -> from.getString(key).isEmpty() ? Optional.empty() : Optional.of(from.getBytes(key)),
        size -> size.stream().allMatch(bytes -> least <= bytes && bytes <= most));
  }

  String text(String key) {
    return read(key, "expected a text", from -> from.getString(key), text -> true);
  }

  /** A constant of an enum, written in lower case with hyphens. */
  <E extends Enum<E>> E choice(String key, Class<E> type) {
    Map<String, E> byName = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      byName.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
    }
    return read(
        key,
        "expected one of " + String.join(", ", byName.keySet()),
        from -> {
          E chosen = byName.get(from.getString(key));
          if (chosen == null) {
            throw new IllegalArgumentException("none of them");
          }
          return chosen;
        },
        constant -> true);
  }

  /** Empty for the empty text. */
  Optional<String> optionalText(String key) {
    return Optional.of(text(key)).filter(text -> !text.isEmpty());
  }

  /** Empty for the empty text. */
  Optional<Path> optionalPath(String key) {
    return read(
        key,
        "expected a path",
        from -> Optional.of(from.getString(key)).filter(text -> !text.isEmpty()).map(Path::of),
        path -> true);
  }

  Path path(String key) {
    return read(
        key,
        "expected a path",
        from -> Path.of(from.getString(key)),
        path -> !path.toString().isEmpty());
  }

  List<String> texts(String key) {
    return read(
        key,
        "expected a list of texts",
        from -> List.copyOf(from.getStringList(key)),
        texts -> true);
  }

  /** One of several values; {@code key} names it within this section. */
  record Item(String key, ConfigValue value) {}

  /** The elements of a list, or the one value that stands instead of a list of one. */
  List<Item> items(String key) {
    ConfigValue value = raw(at, key);
    boolean list =
        value.valueType() == ConfigValueType.LIST
            || (value instanceof ConfigObject object
                && !object.isEmpty()
                && object.keySet().stream().allMatch(name -> name.matches("\\d+")));
    if (!list) {
      return List.of(new Item(key, value));
    }
    List<Item> items = new ArrayList<>();
    for (ConfigValue element : at.getList(key)) {
      items.add(new Item(key + "." + items.size(), element));
    }
    return items;
  }

  Config free(String key) {
    return read(key, "expected a section { … }", from -> from.getConfig(key), config -> true);
  }

  /** Notes that the value of {@code key} is not what was expected. */
  void problem(String key, String expectation) {
    problems.add(prefix + key, raw(at, key), expectation);
  }

  /** Notes a problem at {@code key} unless {@code holds}, or the key has one already. */
  void require(boolean holds, String key, String expectation) {
    if (!holds && problems.noneAt(prefix + key)) {
      problem(key, expectation);
    }
  }

  /** Notes a problem at {@code key} unless {@code holds}, or one of the two has one already. */
  void compare(boolean holds, String key, String expectation, String otherKey) {
    if (!holds && problems.noneAt(prefix + otherKey)) {
      String other = String.valueOf(raw(at, otherKey).unwrapped());
      require(false, key, expectation + " " + prefix + otherKey + " = " + other);
    }
  }

  private <T> T read(
      String key, String expectation, Function<Config, T> read, Predicate<T> inRange) {
    try {
      T value = read.apply(at);
      if (inRange.test(value)) {
        return value;
      }
    } catch (ConfigException | IllegalArgumentException e) {
      // Which of the ways to be wrong does not matter: the message says what is right.
    }
    problem(key, expectation);
    return read.apply(defaults);
  }

  /** Unlike {@code getValue} this finds a null too, which is a mistake here but has an origin. */
  private static ConfigValue raw(Config from, String key) {
    @Nullable ConfigValue value = from.root();
    for (String name : key.split("[.]", -1)) {
      value = value instanceof ConfigObject object ? object.get(name) : null;
    }
    return value != null ? value : ConfigValueFactory.fromAnyRef(null, Origins.DEFAULT);
  }

  private static Config constant(String value) {
    return ConfigFactory.parseMap(Map.of("it", value));
  }
}
