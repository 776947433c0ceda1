package dev.tidepool.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A generation of the app that no longer has the class of an attribute, beside one that has. */
class MissingClassTest {
  @TempDir Path directory;

  @Test
  void losesOnlyThatAttributeAndOnlyForTheNewGeneration() throws Exception {
    Path classes = Files.createDirectory(directory.resolve("with-cart"));
    AppClasses.compileCart(classes);
    Browser browser = new Browser();
    try (WorkerProcess old = WorkerProcess.start(directory, classes);
        WorkerProcess next = WorkerProcess.start(directory, directory)) {
      browser.get(old.port(), "/write?key=name&value=kept");
      browser.get(old.port(), "/cart?key=cart&value=pens");

      assertThat(browser.body(next.port(), "/read?key=cart")).isEqualTo("null");
      assertThat(browser.body(next.port(), "/read?key=name")).isEqualTo("kept");
      browser.get(next.port(), "/write?key=more&value=new");

      assertThat(browser.body(old.port(), "/read?key=cart")).isEqualTo("cart of pens");
      assertThat(browser.body(old.port(), "/read?key=more")).isEqualTo("new");
    }
    assertThat(Files.readString(directory.resolve("log")))
        .contains("session attribute cart cannot be decoded")
        .doesNotContain("pens");
  }
}
