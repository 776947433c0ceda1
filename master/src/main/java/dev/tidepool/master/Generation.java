package dev.tidepool.master;

import com.typesafe.config.ConfigRenderOptions;
import dev.tidepool.conf.LoadedSettings;
import dev.tidepool.conf.Settings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One load of configuration and app, with its own copy of both.
 *
 * @param app the copy of the app that workers of this generation run from
 * @param sockets what its workers accept on
 */
record Generation(
    int number, LoadedSettings loaded, AppCopy app, List<ListeningSockets.Opened> sockets) {

  Settings settings() {
    return loaded.settings();
  }

  /** The effective configuration as the workers get it. */
  String settingsJson() {
    return loaded.effective().root().render(ConfigRenderOptions.concise());
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
