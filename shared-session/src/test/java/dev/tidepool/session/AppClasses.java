package dev.tidepool.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Makes classes that no class path has, as an app brings them along. */
final class AppClasses {
  private AppClasses() {}

  /** Puts {@code shop.Cart} in {@code directory}. */
  static void compileCart(Path directory) throws IOException {
    Path source =
        Files.writeString(
            directory.resolve("Cart.java"),
            """
            package shop;
            public class Cart implements java.io.Serializable {
              private final String content;
              public Cart(String content) { this.content = content; }
              @Override public String toString() { return "cart of " + content; }
            }
            """);
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    int problems =
        compiler.run(
            null, null, null, "--release", "17", "-d", directory.toString(), source.toString());
    if (problems != 0) {
      throw new IOException(source + " does not compile");
    }
  }
}
