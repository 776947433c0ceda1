package dev.tidepool.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What WARs need beside their own {@code web.xml}.
 *
 * @param users who may log in where the WAR asks for it, by name
 */
public record ServletSettings(Map<String, User> users) {

  /**
   * One user.
   *
   * @param password as it is, or {@code pbkdf2:ITERATIONS:SALT:HASH} in Base64; none for who logs
   *     in by certificate only
   */
  public record User(Optional<String> password, List<String> roles) {}

  static ServletSettings from(Config root, Problems problems) {
    var in = new Section(root, "servlet", problems);
    var users = new TreeMap<String, User>();
    ConfigObject all = in.free("users").root();
    for (String name : all.keySet()) {
      try {
        users.put(name, user((ConfigObject) all.get(name)));
      } catch (ClassCastException | ConfigException e) {
        in.require(
            false, "users", "expected { password = …, roles = [ … ] } for each user, not " + name);
      }
    }
    return new ServletSettings(Map.copyOf(users));
  }

  private static User user(ConfigObject value) {
    Config user = value.toConfig();
    if (!Set.of("password", "roles").containsAll(value.keySet())) {
      throw new ConfigException.Generic("other keys than these two");
    }
    Optional<String> password =
        user.hasPath("password") ? Optional.of(user.getString("password")) : Optional.empty();
    return new User(password, List.copyOf(user.getStringList("roles")));
  }
}
