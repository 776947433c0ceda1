package dev.tidepool.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import dev.tidepool.control.ControlClient;
import dev.tidepool.control.OperatorMessage;
import dev.tidepool.master.ExitCode;
import dev.tidepool.master.RunDir;
import dev.tidepool.posix.Posix;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command finds its master, and talks to it. */
final class MasterOptions {
  @Mixin private ConfigOptions config = new ConfigOptions();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "run-dir=DIR, as for run; no other key")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--run-dir",
      paramLabel = "DIR",
      description =
          "run directory of the master; else TIDEPOOL_RUN_DIR, else from the configuration")
  private @Nullable Path runDir;

  /** Names the run directory, as {@code --run-dir} does. */
  void in(Path directory) {
    runDir = directory;
  }

  /** Asks and answers the exit code; {@code shown} gets the text of a success. */
  int ask(OperatorMessage request, java.util.function.Consumer<String> shown) {
    for (String set : sets) {
      if (!set.matches("(tidepool\\.)?run-dir\\s*=.*")) {
        return Failures.with(
            ExitCode.USAGE,
            "--set "
                + set
                + " would change nothing: the master has its settings from its file and from"
                + " \"tidepool run\"; change the file and reload");
      }
    }
    Path socket = RunDir.controlSocket(directory());
    OperatorMessage.Reply reply;
    try (ControlClient client = ControlClient.dial(Posix.get(), socket)) {
      client.send(request);
      reply = (OperatorMessage.Reply) client.receive().message();
    } catch (AccessDeniedException e) {
      return Failures.with(
          ExitCode.NOT_ALLOWED,
          "not allowed to use " + socket + "; be its owner, root, or in control.group");
    } catch (IOException e) {
      return Failures.with(
          ExitCode.NO_MASTER, "no master answers on " + socket + ": " + e.getMessage());
    }
    if (reply.exitCode() != ExitCode.DONE.number()) {
      System.err.println("tidepool: " + reply.text());
    } else {
      shown.accept(reply.text());
    }
    return reply.exitCode();
  }

  /** Must work when the rest of the configuration is broken, so it reads just this one key. */
  private Path directory() {
    if (runDir != null) {
      return runDir.toAbsolutePath();
    }
    String key = "tidepool.run-dir";
    for (String set : sets) {
      Config one = parse("tidepool." + set.replaceFirst("^tidepool\\.", ""));
      if (one.hasPath(key)) {
        return ConfigOptions.home().resolve(one.getString(key));
      }
    }
    String fromEnvironment = System.getenv("TIDEPOOL_RUN_DIR");
    if (fromEnvironment != null) {
      return Path.of(fromEnvironment).toAbsolutePath();
    }
    Config file = file();
    return ConfigOptions.home().resolve(file.hasPath(key) ? file.getString(key) : "run");
  }

  private Config file() {
    try {
      return ConfigFactory.parseFile(
              config.file().toFile(), ConfigParseOptions.defaults().setAllowMissing(true))
          .resolve(ConfigResolveOptions.defaults().setAllowUnresolved(true));
    } catch (ConfigException e) {
      return lineWithRunDir(); // the file cannot be parsed as a whole
    }
  }

  private Config lineWithRunDir() {
    try {
      for (String line : Files.readAllLines(config.file())) {
        if (line.strip().matches("(tidepool\\.)?run-dir\\s*[=:].*")) {
          return parse("tidepool." + line.strip().replaceFirst("^tidepool\\.", ""));
        }
      }
    } catch (IOException e) {
      // then the default is as good as any
    }
    return ConfigFactory.empty();
  }

  private static Config parse(String text) {
    try {
      return ConfigFactory.parseString(text);
    } catch (ConfigException e) {
      return ConfigFactory.empty();
    }
  }
}
