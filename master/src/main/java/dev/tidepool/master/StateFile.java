package dev.tidepool.master;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code state.json}: who the workers are, for a master that comes after this one. Written when it
 * changed, in one piece.
 */
final class StateFile {
  private static final Logger log = LoggerFactory.getLogger(StateFile.class);

  private final Path file;
  private final int masterPid;
  private String written = "";

  StateFile(Path file, int masterPid) {
    this.file = file;
    this.masterPid = masterPid;
  }

  void write(Pool pool, @Nullable Generation current) {
    String now = render(pool, current);
    if (now.equals(written)) {
      return;
    }
    written = now; // also if it fails: said once, tried again at the next change
    Path temporary = file.resolveSibling("state.json.new");
    try {
      Files.write(temporary, now.getBytes(StandardCharsets.UTF_8));
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      log.error("{} could not be written: {}", file, RunDir.reason(e));
    }
  }

  private String render(Pool pool, @Nullable Generation current) {
    List<Map<String, Object>> workers =
        pool.all().stream()
            .map(
                w ->
                    Map.<String, Object>of(
                        "pid", w.process().pid(),
                        "startTicks", w.process().startTicks(),
                        "slot", w.slot(),
                        "generation", w.generation().number(),
                        "record", w.record()))
            .toList();
    List<String> addresses =
        current == null
            ? List.of()
            : current.sockets().stream().map(ListeningSockets.Opened::bound).toList();
    return ConfigValueFactory.fromMap(
            Map.of("master", masterPid, "listen", addresses, "workers", workers))
        .render(ConfigRenderOptions.concise());
  }
}
