package dev.tidepool.demo;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Texts inside the app's jar. */
final class Resources {
  private Resources() {}

  /** Read anew each time: a jar that was replaced below a running class loader must show. */
  static String build() throws IOException {
    return text("version.txt").strip();
  }

  static String text(String name) throws IOException {
    try (InputStream in = Resources.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException("the app's jar has no " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
