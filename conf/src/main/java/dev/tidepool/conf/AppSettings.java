package dev.tidepool.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An app to serve and the settings it is handed.
 *
 * @param key names it in messages: {@code app}, or {@code apps.0} and so on
 * @param context where it is served: {@code /}, or a path that begins and does not end with it
 * @param hosts names that it is served for, in lower case, {@code *.} in front for all below; empty
 *     for those that no app has
 * @param type the class of a handler jar that names several
 */
public record AppSettings(
    String key,
    Path path,
    String context,
    List<String> hosts,
    Optional<String> type,
    Config settings) {
  /** The one app, and what an element of the list may say. */
  static final String ONE = "app";

  static final String LIST = "apps";

  private static final Pattern CONTEXT = Pattern.compile("/|(/[\\p{Alnum}._~-]+)+");
  private static final Pattern HOST =
      Pattern.compile("(\\*\\.)?[a-z0-9_-]+(\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+]");

  /** So that it fits the keys of the session store, with an id. */
  private static final int LONGEST_NAME = 120;

  /** Names it for people, in the session store and in directories: where it is served. */
  public String name() {
    return hosts.isEmpty() ? context : hosts.get(0) + context;
  }

  /** What {@code apps} lists, else the one that {@code app} is. */
  static List<AppSettings> list(Config root, Problems problems) {
    var in = new Section(root, problems);
    if (isEmpty(root.root().get(LIST))) {
      return List.of(from(ONE, new Section(root, ONE, problems)));
    }
    List<AppSettings> apps = new ArrayList<>();
    Map<String, String> taken = new HashMap<>();
    for (Section.Item item : in.items(LIST)) {
      if (!(item.value() instanceof ConfigObject object)) {
        in.problem(LIST, "expected a list of sections { path = …, context = …, host = … }");
        continue;
      }
      Section one = in.of(item.key(), object, defaults(object));
      one.onlyKnown();
      AppSettings app = from(item.key(), one);
      apps.add(app);
      for (String host : app.hosts.isEmpty() ? List.of("") : app.hosts) {
        String other = taken.putIfAbsent(host + app.context, item.key());
        String where = host.isEmpty() ? "" : " at host " + host;
        one.require(
            other == null, "context", "expected another one than " + other + " has" + where);
      }
    }
    return List.copyOf(apps);
  }

  /** As of {@code app}, but a path has to be given. In messages they are where the element is. */
  private static Config defaults(ConfigObject element) {
    ConfigObject defaults = Reference.DEFAULTS.getObject(ONE);
    for (Map.Entry<String, ConfigValue> each : defaults.entrySet()) {
      ConfigValue value =
          each.getKey().equals("path") ? ConfigValueFactory.fromAnyRef("") : each.getValue();
      defaults = defaults.withValue(each.getKey(), value.withOrigin(element.origin()));
    }
    return defaults.toConfig();
  }

  static boolean isEmpty(@Nullable ConfigValue apps) {
    return apps != null && apps.valueType() == ConfigValueType.LIST && ((List<?>) apps).isEmpty();
  }

  private static AppSettings from(String key, Section in) {
    var c =
        new AppSettings(
            key,
            in.path("path"),
            in.text("context"),
            hosts(in),
            in.optionalText("class"),
            in.free("settings"));
    in.require(
        CONTEXT.matcher(c.context).matches(),
        "context",
        "expected \"/\", or a path such as \"/shop\" of letters, digits and ._~-");
    in.require(
        c.name().length() <= LONGEST_NAME,
        "context",
        "expected host and context of at most " + LONGEST_NAME + " characters together");
    return c;
  }

  private static List<String> hosts(Section in) {
    List<String> hosts = new ArrayList<>();
    for (Section.Item item : in.items("host")) {
      String host = String.valueOf(item.value().unwrapped()).toLowerCase(Locale.ROOT);
      if (HOST.matcher(host).matches()) {
        hosts.add(host);
      } else if (!host.isEmpty()) {
        in.problem(
            "host", "expected names such as \"example.org\" or \"*.example.org\", without a port");
      }
    }
    return List.copyOf(hosts);
  }
}
