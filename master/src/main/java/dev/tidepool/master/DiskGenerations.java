package dev.tidepool.master;

import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.InvalidSettingsException;
import dev.tidepool.conf.IsolationSettings;
import dev.tidepool.conf.LoadedSettings;
import dev.tidepool.conf.SessionSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.posix.Posix;
import dev.tidepool.posix.PosixException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Generations out of the configuration file and the app on disk. */
public final class DiskGenerations implements GenerationSource {
  private static final Logger log = LoggerFactory.getLogger(DiskGenerations.class);

  /** Reads the configuration anew. */
  public interface Loader {
    LoadedSettings load() throws InvalidSettingsException;
  }

  private final Posix posix;
  private final Path home;
  private final Account account;
  private final Loader loader;
  private final GenerationStore store;
  private final ListeningSockets sockets;
  private final MasterServers servers;

  DiskGenerations(
      Posix posix,
      Path home,
      Account account,
      Loader loader,
      GenerationStore store,
      ListeningSockets sockets,
      MasterServers servers) {
    this.posix = posix;
    this.home = home;
    this.account = account;
    this.loader = loader;
    this.store = store;
    this.sockets = sockets;
    this.servers = servers;
  }

  @Override
  public Generation prepare(int number, @Nullable Generation running) throws StartFailure {
    LoadedSettings loaded;
    try {
      loaded = loader.load();
    } catch (InvalidSettingsException e) {
      throw new StartFailure(ExitCode.CONFIGURATION, String.join("\n", e.problems()));
    }
    return make(number, loaded, running);
  }

  Generation make(int number, LoadedSettings loaded, @Nullable Generation running)
      throws StartFailure {
    Settings settings = loaded.settings();
    if (running != null) {
      refuseFixed(running.settings(), settings);
    }
    try {
      Preflight.checkWorkers(settings, account, home, posix);
      List<Generation.AppCopy> apps = new ArrayList<>();
      for (AppSettings app : settings.apps()) {
        apps.add(store.copyApp(app));
      }
      CertificateCopies.check(settings.listen());
      Path certificates = store.directory(number).resolve("certificates");
      Generation made =
          new Generation(number, loaded, apps, certificates, sockets.open(settings.listen()));
      store.write(made);
      return made;
    } catch (IOException e) {
      throw new StartFailure(ExitCode.CONFIGURATION, RunDir.reason(e));
    }
  }

  @Override
  public Generation reopen(Generation kept) throws StartFailure {
    return new Generation(
        kept.number(),
        kept.loaded(),
        kept.apps(),
        kept.certificates(),
        sockets.open(kept.settings().listen()));
  }

  /** What the running master has built on cannot change under it. */
  private static void refuseFixed(Settings now, Settings wanted) throws StartFailure {
    List<String> changed = new ArrayList<>();
    compare(changed, "run-dir", now.runDir(), wanted.runDir());
    compare(changed, "listen.backlog", now.listen().backlog(), wanted.listen().backlog());
    compare(changed, "listen.unix-mode", now.listen().unixMode(), wanted.listen().unixMode());
    compare(changed, "control", now.control(), wanted.control());
    IsolationSettings isolation = now.workers().isolation();
    IsolationSettings wantedIsolation = wanted.workers().isolation();
    compare(changed, "workers.user", isolation.user(), wantedIsolation.user());
    compare(changed, "workers.group", isolation.group(), wantedIsolation.group());
    SessionSettings store = now.sessions();
    SessionSettings wantedStore = wanted.sessions();
    compare(changed, "sessions.dir", store.dir(), wantedStore.dir());
    compare(changed, "sessions.capacity", store.capacity(), wantedStore.capacity());
    compare(changed, "sessions.average-size", store.averageBytes(), wantedStore.averageBytes());
    compare(changed, "sessions.max-size", store.maximumBytes(), wantedStore.maximumBytes());
    if (wanted.log().file().isEmpty()) {
      compare(changed, "log.file", now.log().file(), wanted.log().file());
    }
    if (!changed.isEmpty()) {
      throw new StartFailure(ExitCode.REFUSED, String.join("\n", changed));
    }
  }

  private static void compare(List<String> changed, String key, Object now, Object wanted) {
    if (!Objects.equals(now, wanted)) {
      String change = "from " + shown(now) + " to " + shown(wanted);
      changed.add(key + " cannot change " + change + " by a reload: restart");
    }
  }

  private static String shown(Object value) {
    if (value instanceof Optional<?> setting) {
      return setting.isPresent() ? setting.get().toString() : "none";
    }
    return value.toString();
  }

  @Override
  public void inService(Generation generation) {
    generation.settings().log().file().ifPresent(this::redirectOutput);
    servers.listen(generation.settings().listen());
  }

  private void redirectOutput(Path file) {
    try {
      posix.redirectOutput(file);
    } catch (PosixException e) {
      log.error("log.file={} cannot be opened, logging where it was: {}", file, e.getMessage());
    }
  }

  @Override
  public void retain(Collection<Generation> serving, Collection<Generation> kept) {
    sockets.closeUnused(serving);
    try {
      store.keepOnly(kept);
    } catch (UncheckedIOException e) {
      log.error("old generations could not be removed: {}", e.getMessage());
    }
  }
}
