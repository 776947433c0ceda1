package dev.tidepool.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each setting once: a good value and what it becomes, bad values and what is said of them. */
class SettingsTableTest {
  private static final Path HOME = Path.of("/opt/tidepool");

  static List<SettingRow> rows() {
    return Stream.of(
            ListenRows.all(),
            WorkerRows.all(),
            YoungGenerationRows.all(),
            AppRows.all(),
            HealthRows.all(),
            LeavingRows.all(),
            HttpRows.all(),
            SessionRows.all(),
            OperationRows.all())
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void everyKeyOfTheReferenceIsInThisTable() {
    assertThat(rows()).extracting(SettingRow::key).containsExactlyElementsOf(Reference.keys());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isDocumentedWithTheRangeThatIsChecked(SettingRow row) {
    String comment =
        String.join(" ", Reference.DEFAULTS.getValue(row.key()).origin().comments())
            .replaceAll("\\s+", " ");
    assertThat(comment).isNotBlank();
    assertThat(row.bad()).isNotEmpty();
    for (SettingRow.Bad bad : row.bad()) {
      if (Pattern.matches("[0-9].* to .*", bad.message())) {
        assertThat(comment).contains(bad.message());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void becomesATypedValue(SettingRow row) throws InvalidSettingsException {
    LoadedSettings loaded = load(row.key() + "=" + row.good());
    assertThat(row.read().apply(loaded.settings())).isEqualTo(row.typed());
    assertThat(row.read().apply(load().settings())).as("default").isNotEqualTo(row.typed());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isRefusedWithItsKeyValueAndExpectation(SettingRow row) {
    for (SettingRow.Bad bad : row.bad()) {
      assertThatThrownBy(() -> load(row.key() + "=" + bad.value()))
          .as(row.key() + "=" + bad.value())
          .isInstanceOfSatisfying(
              InvalidSettingsException.class,
              e ->
                  assertThat(e.problems())
                      .singleElement()
                      .asString()
                      .startsWith("--set: " + row.key())
                      .contains(bad.message())
                      .doesNotContain("\n"));
    }
  }

  private static LoadedSettings load(String... sets) throws InvalidSettingsException {
    return SettingsLoader.load(HOME, Optional.empty(), List.of(sets), Map.of());
  }
}
