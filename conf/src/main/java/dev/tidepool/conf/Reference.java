package dev.tidepool.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The built-in {@code reference.conf}: which keys there are, and their defaults.
 *
 * <p>It lies beside this class and not at the root of the class path, where the files of that name
 * of all libraries are merged.
 */
final class Reference {
  static final String ROOT = "tidepool";

  /** Below these the user invents the keys. */
  static final Set<String> FREE =
      Set.of("app.settings", "request.paths", "servlet.users", "workers.environment");

  /** Still below the root {@code tidepool}, unresolved, ready to be a layer. */
  static final Config LAYER = parse();

  static final Config DEFAULTS = LAYER.getConfig(ROOT);

  private Reference() {}

  /** All settings in the order of the file, without the root; free sections are one setting. */
  static List<String> keys() {
    List<String> keys = new ArrayList<>();
    collect(DEFAULTS.root(), "", keys);
    return keys;
  }

  private static void collect(ConfigObject at, String prefix, List<String> keys) {
    at.entrySet().stream()
        .sorted(Comparator.comparingInt(e -> e.getValue().origin().lineNumber()))
        .forEach(
            entry -> {
              String key = prefix + entry.getKey();
              ConfigValue value = entry.getValue();
              if (value instanceof ConfigObject section && !FREE.contains(key)) {
                collect(section, key + ".", keys);
              } else {
                keys.add(key);
              }
            });
  }

  private static Config parse() {
    URL url = Objects.requireNonNull(Reference.class.getResource("reference.conf"));
    try (var reader = new InputStreamReader(url.openStream(), StandardCharsets.UTF_8)) {
      return ConfigFactory.parseReader(
          reader, ConfigParseOptions.defaults().setOriginDescription(Origins.DEFAULT));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + url, e);
    }
  }
}
