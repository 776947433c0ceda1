package dev.tidepool.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Makes apps that load many small classes when they start. */
final class ManyClasses {
  private static final String APP =
      """
      package many;

      public final class ManyClasses implements dev.tidepool.app.App {
        @Override
        public io.undertow.server.HttpHandler start(dev.tidepool.app.AppContext context)
            throws Exception {
          int sum = 0;
          for (int i = 0; i < %d; i++) {
            sum += Class.forName("many.Small" + i).getDeclaredConstructor().newInstance().hashCode();
          }
          String text = "Hello from the sum of hash codes, " + sum;
          return exchange -> exchange.getResponseSender().send(text);
        }
      }
      """;

  private static final String SMALL =
      """

      final class Small%1$d {
        private final String name = "small" + %1$d;
        private final int[] numbers = {%1$d, 2, 3};

        @Override
        public int hashCode() {
          int hash = name.hashCode();
          for (int number : numbers) {
            hash = 31 * hash + number;
          }
          return hash;
        }

        @Override
        public boolean equals(Object other) {
          return other instanceof Small%1$d && name.equals(((Small%1$d) other).name);
        }
      }
      """;

  private ManyClasses() {}

  /** Makes the jar of one with {@code count} classes, in {@code directory}. */
  static Path jar(Path distribution, Path directory, int count) throws IOException {
    var source = new StringBuilder(APP.formatted(count));
    for (int i = 0; i < count; i++) {
      source.append(SMALL.formatted(i));
    }
    Path file = Files.writeString(directory.resolve("ManyClasses.java"), source);
    Path classes = Files.createDirectory(directory.resolve("classes"));
    compile(file, classes, distribution.resolve("lib"));
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve("dev.tidepool.app.App"), "many.ManyClasses");
    return pack(classes, directory.resolve("many-" + count + ".jar"));
  }

  private static void compile(Path source, Path classes, Path library) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (Stream<Path> jars = Files.list(library)) {
      List<String> names = jars.map(Path::toString).toList();
      int code =
          compiler.run(
              null,
              null,
              null,
              "--release=17",
              "-proc:none",
              "-d",
              classes.toString(),
              "-cp",
              String.join(":", names),
              source.toString());
      if (code != 0) {
        throw new IOException("javac failed: " + code);
      }
    }
  }

  private static Path pack(Path classes, Path jar) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    return jar;
  }
}
