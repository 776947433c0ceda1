package dev.tidepool.conf;

import static dev.tidepool.conf.SettingRow.bad;
import static dev.tidepool.conf.SettingRow.flag;
import static dev.tidepool.conf.SettingRow.number;
import static dev.tidepool.conf.SettingRow.row;
import static dev.tidepool.conf.SettingRow.time;

import java.time.Duration;
import java.util.List;

/** Settings of the size of the young generation. */
final class YoungGenerationRows {
  private YoungGenerationRows() {}

  static List<SettingRow> all() {
    return List.of(
        flag("young-generation.enabled", false, s -> s.youngGeneration().enabled()),
        time(
            "young-generation.window",
            "10 s",
            Duration.ofSeconds(10),
            "1 s to 24 h",
            s -> s.youngGeneration().window()),
        number("young-generation.time", 0.05, "0.001 to 0.5", s -> s.youngGeneration().time()),
        number(
            "young-generation.promotion",
            0.5,
            "0.001 to 1.0",
            s -> s.youngGeneration().promotion()),
        number(
            "young-generation.shrink-below",
            0.1,
            "0.0 to 0.4",
            s -> s.youngGeneration().shrinkBelow()),
        row(
            "young-generation.min",
            "2 MiB",
            2L << 20,
            s -> s.youngGeneration().minBytes(),
            bad("1 KiB", "1 MiB to 16 GiB"),
            bad("17 GiB", "1 MiB to 16 GiB"),
            bad("9 MiB", "expected at most workers.young-generation = 8 MiB")),
        number("young-generation.max", 0.5, "0.01 to 0.8", s -> s.youngGeneration().maxShare()));
  }
}
