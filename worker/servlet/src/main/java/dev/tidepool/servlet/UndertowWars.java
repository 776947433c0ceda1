package dev.tidepool.servlet;

import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.worker.LoadedApp;
import dev.tidepool.worker.WarContainer;
import java.io.IOException;
import java.nio.file.Path;

/** Runs WARs by Undertow's servlet container. */
public final class UndertowWars implements WarContainer {

  @Override
  public LoadedApp open(Path war, AppSettings app, Settings settings) throws IOException {
    String hash = String.valueOf(war.resolveSibling("").getFileName());
    Path work = settings.appWork().resolve(hash);
    return new War(new WarFiles(war, work), app, settings);
  }
}
