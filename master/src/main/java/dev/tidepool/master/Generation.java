package dev.tidepool.master;

import com.typesafe.config.ConfigRenderOptions;
import dev.tidepool.conf.ListenerSettings;
import dev.tidepool.conf.LoadedSettings;
import dev.tidepool.conf.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One load of configuration and apps, with its own copy of both.
 *
 * @param apps the copies that workers of this generation run from, one for each app in the settings
 * @param certificates directory of the copies of its certificates
 * @param sockets what its workers accept on, one for each of the listeners in the settings
 */
record Generation(
    int number,
    LoadedSettings loaded,
    List<AppCopy> apps,
    Path certificates,
    List<ListeningSockets.Opened> sockets) {

  Settings settings() {
    return loaded.settings();
  }

  /** The effective configuration as the workers get it. */
  String settingsJson() {
    return loaded.effective().root().render(ConfigRenderOptions.concise());
  }

  /** What its listeners, with or without TLS, are bound to. */
  List<String> addresses(boolean tls) {
    List<ListenerSettings> listeners = settings().listen().listeners();
    return IntStream.range(0, listeners.size())
        .filter(i -> listeners.get(i).tls() == tls)
        .mapToObj(i -> sockets.get(i).bound())
        .toList();
  }

  /** Numbers are given once: they tell generations apart. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Generation generation && generation.number == number;
  }

  @Override
  public int hashCode() {
    return number;
  }

  @Override
  public String toString() {
    return "generation " + number;
  }

  /** An app by the hash of its content, in {@code run-dir/apps/HASH/}. */
  record AppCopy(String hash, Path file) {}
}
