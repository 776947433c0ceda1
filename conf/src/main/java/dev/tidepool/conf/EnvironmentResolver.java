package dev.tidepool.conf;

import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers substitutions from a given environment, where the library would ask the process. */
record EnvironmentResolver(Map<String, String> environment) implements ConfigResolver {

  @Override
  public @Nullable ConfigValue lookup(String path) {
    String value = environment.get(path);
    return value == null ? null : ConfigValueFactory.fromAnyRef(value, Origins.ENVIRONMENT);
  }

  @Override
  public ConfigResolver withFallback(ConfigResolver fallback) {
    return this;
  }
}
