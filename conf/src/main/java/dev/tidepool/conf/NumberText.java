package dev.tidepool.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.Map;

/**
 * Keeps numbers as they were written. The library renders {@code 0600} as 600 and a version {@code
 * 1.10} as 1.1; a number that its rendering would change is made a text, which still reads as that
 * number.
 */
final class NumberText {
  private NumberText() {}

  static Config keep(Config config) {
    return ((ConfigObject) keep(config.root())).toConfig();
  }

  private static ConfigValue keep(ConfigValue value) {
    if (value instanceof ConfigObject object) {
      ConfigObject result = object;
      for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
        ConfigValue kept = keep(entry.getValue());
        if (!kept.equals(entry.getValue())) {
          result = result.withValue(entry.getKey(), kept);
        }
      }
      return result;
    }
    if (value instanceof ConfigList list) {
      return ConfigValueFactory.fromIterable(list.stream().map(NumberText::keep).toList())
          .withOrigin(list.origin());
    }
    if (value.valueType() == ConfigValueType.NUMBER) {
      String written = value.atKey("it").getString("it");
      if (!written.equals(value.render())) {
        return ConfigValueFactory.fromAnyRef(written).withOrigin(value.origin());
      }
    }
    return value;
  }
}
