package dev.tidepool.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads the configuration, all of it or not at all. */
public final class SettingsLoader {
  /** What these keys name is below the home of the distribution, unless absolute. */
  private static final List<String> BELOW_HOME =
      List.of(
          "run-dir",
          "app.path",
          "access-log.file",
          "log.file",
          "sessions.dir",
          "class-archive.dir");

  private SettingsLoader() {}

  /**
   * Merges the layers, strongest first: {@code sets}, variables {@code CONFIG_FORCE_tidepool_…},
   * the file with what it includes, the defaults; resolves substitutions; checks everything.
   *
   * @param home directory below which relative paths are
   * @param sets each {@code key=value}, the key with or without the root {@code tidepool}, the
   *     later ones stronger
   * @param environment also answers substitutions such as <code>${?PORT}</code>
   * @throws InvalidSettingsException with all problems at once
   */
  public static LoadedSettings load(
      Path home, Optional<Path> configFile, List<String> sets, Map<String, String> environment)
      throws InvalidSettingsException {
    var problems = new Problems();
    Config setLayer = Layers.sets(sets, problems);
    Config environmentLayer = Layers.environment(environment, problems);
    Config fileLayer =
        configFile.map(file -> Layers.file(file, problems)).orElseGet(ConfigFactory::empty);
    Config merged =
        setLayer
            .withFallback(environmentLayer)
            .withFallback(fileLayer)
            .withFallback(Reference.LAYER);
    Config resolved = resolve(merged, environment, problems);
    problems.throwIfAny();
    new UnknownKeys(problems).check(resolved.root());
    Config effective = absolute(NumberText.keep(belowRoot(resolved)), home.toAbsolutePath());
    checkAppOrApps(effective, problems);
    Settings settings = Settings.from(effective, problems);
    problems.throwIfAny();
    return new LoadedSettings(settings, effective, Listing.of(effective));
  }

  /**
   * Reads what {@link LoadedSettings#effective} was rendered to: gives equal settings.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Settings fromJson(String json) {
    var problems = new Problems();
    Settings settings = Settings.from(ConfigFactory.parseString(json), problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems.lines()));
    }
    return settings;
  }

  private static Config resolve(Config merged, Map<String, String> environment, Problems problems) {
    try {
      return merged.resolve(
          ConfigResolveOptions.noSystem().appendResolver(new EnvironmentResolver(environment)));
    } catch (ConfigException e) {
      problems.add(e);
      return Reference.LAYER;
    }
  }

  /** What stands there instead of a section is already known as a problem. */
  private static Config belowRoot(Config resolved) {
    return resolved.root().get(Reference.ROOT) instanceof ConfigObject root
        ? root.toConfig()
        : Reference.DEFAULTS;
  }

  private static void checkAppOrApps(Config root, Problems problems) {
    ConfigValue apps = Objects.requireNonNull(root.root().get(AppSettings.LIST));
    if (!AppSettings.isEmpty(apps)
        && root.root().get(AppSettings.ONE) instanceof ConfigObject one) {
      one.values().stream()
          .map(value -> Origins.describe(value.origin()))
          .filter(origin -> !origin.equals(Origins.DEFAULT))
          .findFirst()
          .ifPresent(
              origin ->
                  problems.add(
                      AppSettings.LIST, apps, "expected either this or app, of " + origin));
    }
  }

  private static Config absolute(Config root, Path home) {
    Config result = root;
    for (String key : BELOW_HOME) {
      result = absolute(result, key, home);
    }
    ConfigValue apps = Objects.requireNonNull(root.root().get(AppSettings.LIST));
    return result.withValue(AppSettings.LIST, absolute(apps, home));
  }

  /** Of an app, a list of apps, or apps by their place in the list. */
  private static ConfigValue absolute(ConfigValue apps, Path home) {
    if (apps instanceof ConfigList list) {
      return ConfigValueFactory.fromIterable(list.stream().map(a -> absolute(a, home)).toList())
          .withOrigin(list.origin());
    }
    if (!(apps instanceof ConfigObject object)) {
      return apps;
    }
    if (object.containsKey("path")) {
      return absolute(object.toConfig(), "path", home).root();
    }
    ConfigObject result = object;
    for (Map.Entry<String, ConfigValue> app : object.entrySet()) {
      result = result.withValue(app.getKey(), absolute(app.getValue(), home));
    }
    return result;
  }

  private static Config absolute(Config root, String key, Path home) {
    if (!root.hasPath(key) || root.getValue(key).valueType() != ConfigValueType.STRING) {
      return root;
    }
    String text = root.getString(key);
    if (text.isEmpty() || text.indexOf('\0') >= 0) {
      return root;
    }
    return root.withValue(
        key,
        ConfigValueFactory.fromAnyRef(home.resolve(text).toString())
            .withOrigin(root.getValue(key).origin()));
  }
}
