package dev.tidepool.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** Lists effective settings for people. */
final class Listing {
  private Listing() {}

  static List<Setting> of(Config effective) {
    List<Setting> leaves = new ArrayList<>();
    boolean several = !AppSettings.isEmpty(effective.getValue(AppSettings.LIST));
    for (String key : Reference.keys()) {
      if (several && key.startsWith(AppSettings.ONE + ".")) {
        continue; // only the defaults
      }
      ConfigValue value = effective.getValue(key);
      if (Reference.FREE.contains(key) && value instanceof ConfigObject free && !free.isEmpty()) {
        collect(free, key, leaves);
      } else {
        leaves.add(leaf(key, value));
      }
    }
    return leaves;
  }

  private static void collect(ConfigObject section, String prefix, List<Setting> leaves) {
    for (String name : new TreeSet<>(section.keySet())) {
      String key = prefix + "." + ConfigUtil.joinPath(name);
      ConfigValue value = Objects.requireNonNull(section.get(name));
      if (value instanceof ConfigObject below && !below.isEmpty()) {
        collect(below, key, leaves);
      } else {
        leaves.add(leaf(key, value));
      }
    }
  }

  /** Lists are shown and logged, so passwords do not appear in them. */
  private static Setting leaf(String key, ConfigValue value) {
    boolean secret = key.startsWith("servlet.users.") && key.endsWith(".password");
    String text = secret ? "\"…\"" : value.render(ConfigRenderOptions.concise());
    return new Setting(key, text, Origins.describe(value.origin()));
  }
}
