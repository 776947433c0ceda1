package dev.tidepool.worker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A small app, compiled from source into a jar. */
final class TestJar {
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, byte[]> resources = new LinkedHashMap<>();
  private final List<String> apps = new ArrayList<>();

  /** An app class {@code demo.NAME} whose {@code start} has this body. */
  TestJar app(String name, String startBody) {
    return appNamed("demo." + name)
        .source(
            "demo/" + name + ".java",
            """
            package demo;
            import dev.tidepool.app.*;
            import io.undertow.server.*;
            public class %s implements App {
              public HttpHandler start(AppContext context) throws Exception {
                %s
              }
              public void stop() throws Exception {
                String file = System.getProperty("stopped.file");
                if (file != null) java.nio.file.Files.writeString(java.nio.file.Path.of(file), "stopped");
              }
            }
            """
                .formatted(name, startBody));
  }

  TestJar appNamed(String className) {
    apps.add(className);
    return this;
  }

  TestJar source(String path, String text) {
    sources.put(path, text);
    return this;
  }

  TestJar resource(String path, byte[] content) {
    resources.put(path, content);
    return this;
  }

  Path build(Path directory, String name) throws IOException {
    Path in = Files.createTempDirectory(directory, "src");
    Path out = Files.createTempDirectory(directory, "classes");
    List<String> arguments =
        new ArrayList<>(List.of("--release", "17", "-d", out.toString(), "-cp", classPath()));
    for (var source : sources.entrySet()) {
      Path file = in.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
      arguments.add(file.toString());
    }
    int result =
        sources.isEmpty()
            ? 0
            : ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new));
    if (result != 0) {
      throw new IOException("the test's app does not compile");
    }
    Path jar = directory.resolve(name);
    try (OutputStream file = Files.newOutputStream(jar);
        var entries = new JarOutputStream(file);
        Stream<Path> classes = Files.walk(out)) {
      if (!apps.isEmpty()) {
        resources.put(
            "META-INF/services/dev.tidepool.app.App",
            String.join("\n", apps).getBytes(StandardCharsets.UTF_8));
      }
      for (Path type : classes.filter(Files::isRegularFile).toList()) {
        resources.putIfAbsent(out.relativize(type).toString(), Files.readAllBytes(type));
      }
      for (var resource : resources.entrySet()) {
        entries.putNextEntry(new JarEntry(resource.getKey()));
        entries.write(resource.getValue());
        entries.closeEntry();
      }
    }
    return jar;
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }
}
