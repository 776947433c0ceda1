package dev.tidepool.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the layers that a user writes; each has the root {@code tidepool}, unresolved. */
final class Layers {
  private static final String FORCE = "CONFIG_FORCE_";
  private static final Pattern UNDERSCORES = Pattern.compile("_+");

  /**
   * Values that are HOCON: what is enclosed, has a substitution, or is no text. All others stand as
   * they are, so that {@code listen.http=[::1]:80} needs no quotes and {@code //} is no comment.
   */
  private static final Pattern HOCON =
      Pattern.compile(
          "\\s*(\\[.*]|\\{.*}|\".*\")\\s*|.*\\$\\{.*|true|false|null|-?\\d+(\\.\\d+)?",
          Pattern.DOTALL);

  private Layers() {}

  static Config file(Path file, Problems problems) {
    if (!Files.exists(file)) {
      problems.add(file + ": no such file");
    } else if (Files.isDirectory(file)) {
      problems.add(file + ": is a directory");
    } else if (!Files.isReadable(file)) {
      problems.add(file + ": permission denied");
    } else {
      try {
        return ConfigFactory.parseFile(
            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
      } catch (ConfigException e) {
        problems.add(e);
      }
    }
    return ConfigFactory.empty();
  }

  /** {@code key=value}, the later ones stronger; keys with or without the root. */
  static Config sets(List<String> sets, Problems problems) {
    Config layer = ConfigFactory.empty();
    for (String set : sets) {
      int equals = set.indexOf('=');
      if (equals <= 0) {
        problems.add(Origins.SET + ": " + set + ": expected key=value");
        continue;
      }
      try {
        layer = set(set.substring(0, equals), set.substring(equals + 1)).withFallback(layer);
      } catch (ConfigException e) {
        problems.add(
            Origins.SET
                + ": "
                + set
                + ": expected key=value, the value in HOCON: "
                + e.getMessage());
      }
    }
    return layer;
  }

  private static Config set(String key, String value) {
    List<String> path = new ArrayList<>(ConfigUtil.splitPath(key.strip()));
    if (!path.get(0).equals(Reference.ROOT)) {
      path.add(0, Reference.ROOT);
    }
    String rooted = ConfigUtil.joinPath(path);
    return HOCON.matcher(value).matches()
        ? ConfigFactory.parseString(
            rooted + " = " + value, ConfigParseOptions.defaults().setOriginDescription(Origins.SET))
        : ConfigValueFactory.fromAnyRef(value, Origins.SET).atPath(rooted);
  }

  /**
   * Variables such as {@code CONFIG_FORCE_tidepool_workers_io__threads}, by the rule of the
   * library: {@code _} is a dot, {@code __} a hyphen, {@code ___} an underscore. Those of other
   * roots belong to others.
   */
  static Config environment(Map<String, String> environment, Problems problems) {
    Config layer = ConfigFactory.empty();
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      if (!variable.getKey().startsWith(FORCE + Reference.ROOT)) {
        continue;
      }
      try {
        List<String> path = ConfigUtil.splitPath(path(variable.getKey().substring(FORCE.length())));
        if (path.get(0).equals(Reference.ROOT)) {
          layer =
              ConfigValueFactory.fromAnyRef(variable.getValue(), Origins.ENVIRONMENT)
                  .atPath(ConfigUtil.joinPath(path))
                  .withFallback(layer);
        }
      } catch (ConfigException e) {
        problems.add(
            Origins.ENVIRONMENT
                + ": "
                + variable.getKey()
                + ": expected "
                + FORCE
                + Reference.ROOT
                + "_ and a key with _ for a dot and __ for a hyphen");
      }
    }
    return layer;
  }

  private static String path(String name) {
    return UNDERSCORES
        .matcher(name)
        .replaceAll(
            match ->
                switch (match.group().length()) {
                  case 1 -> ".";
                  case 2 -> "-";
                  case 3 -> "_";
                  default -> throw new ConfigException.BadPath(name, "more than three underscores");
                });
  }
}
