package dev.tidepool.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.SettingsLoader;
import dev.tidepool.posix.Posix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of apps in a real directory. */
class GenerationStoreTest {
  @TempDir private Path directory;
  private RunDir runDir;
  private GenerationStore store;
  private Path app;

  @BeforeEach
  void anApp() throws Exception {
    runDir = RunDir.claim(directory.resolve("run"), Posix.get().pid());
    store = new GenerationStore(runDir, Posix.get(), Account.ofThisProcess(Posix.get()));
    app = directory.resolve("app.jar");
    writeApp("1");
  }

  @AfterEach
  void close() throws IOException {
    runDir.close();
  }

  private void writeApp(String content) throws IOException {
    try (OutputStream file = Files.newOutputStream(app);
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry("META-INF/services/dev.tidepool.app.App"));
      jar.write("some.App".getBytes(StandardCharsets.US_ASCII));
      jar.putNextEntry(new JarEntry("content"));
      byte[] incompressible = new byte[10_000];
      new Random(content.hashCode()).nextBytes(incompressible);
      jar.write(incompressible);
    }
  }

  private static AppSettings settings(Path path) {
    return new AppSettings("app", path, "/", List.of(), Optional.empty(), ConfigFactory.empty());
  }

  private Generation generation(int number, Generation.AppCopy copy) throws Exception {
    return new Generation(
        number,
        SettingsLoader.load(directory, Optional.empty(), List.of(), Map.of()),
        List.of(copy),
        store.directory(number).resolve("certificates"),
        List.of());
  }

  @Test
  void theCopyDoesNotChangeWithItsSource() throws Exception {
    Generation.AppCopy first = store.copyApp(settings(app));
    byte[] before = Files.readAllBytes(first.file());
    writeApp("2");
    Generation.AppCopy second = store.copyApp(settings(app));
    assertThat(Files.readAllBytes(first.file())).isEqualTo(before);
    assertThat(second.file()).isNotEqualTo(first.file());
    assertThat(store.copyApp(settings(app))).isEqualTo(second);
  }

  @Test
  void keepsWhatIsKeptAndRemovesTheRest() throws Exception {
    Generation one = generation(1, store.copyApp(settings(app)));
    store.write(one);
    writeApp("2");
    Generation two = generation(2, store.copyApp(settings(app)));
    store.write(two);
    store.keepOnly(List.of(two));
    assertThat(one.apps().get(0).file()).doesNotExist();
    assertThat(two.apps().get(0).file()).exists();
    assertThat(runDir.generations().resolve("2/0-app.jar")).exists();
    assertThat(runDir.generations()).isDirectoryNotContaining("glob:**/1");
  }

  @Test
  void refusesAMissingATruncatedAndADamagedJar() throws IOException {
    byte[] whole = Files.readAllBytes(app);
    Files.write(app, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> store.copyApp(settings(app)))
        .hasMessageContainingAll("app.path=" + app, whole.length / 2 + " bytes", "is not an app");

    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 0x55;
    Files.write(app, damaged);
    assertThatThrownBy(() -> store.copyApp(settings(app))).hasMessageContaining("app.path=" + app);

    Files.delete(app);
    assertThatThrownBy(() -> store.copyApp(settings(app))).hasMessageContaining("no such file");
    assertThat(runDir.apps()).isEmptyDirectory();
  }

  private void writeWar(String webXml, String page) throws IOException {
    try (OutputStream file = Files.newOutputStream(app);
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry("WEB-INF/web.xml"));
      jar.write(webXml.getBytes(StandardCharsets.UTF_8));
      jar.putNextEntry(new JarEntry(page));
      jar.write(page.getBytes(StandardCharsets.UTF_8));
      jar.putNextEntry(new JarEntry("WEB-INF/lib/some.jar"));
      jar.write(jarWith("META-INF/resources/from-jar.html"));
    }
  }

  private static byte[] jarWith(String entry) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      jar.putNextEntry(new JarEntry(entry));
      jar.write(entry.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void aWarIsUnpackedOnce() throws Exception {
    writeWar("<web-app/>", "pages/a.html");
    Generation.AppCopy copy = store.copyApp(settings(app));
    assertThat(copy.file().resolve("pages/a.html")).hasContent("pages/a.html");
    assertThat(copy.file().resolveSibling("resources/some.jar/from-jar.html")).exists();
    assertThat(copy.file().resolveSibling("app.jar")).doesNotExist();
    assertThat(store.copyApp(settings(app))).isEqualTo(copy);
    assertThat(runDir.apps()).isDirectoryNotContaining("glob:**/incoming*");
    Generation one = generation(1, copy);
    store.write(one);
    assertThat(runDir.generations().resolve("1/0-war/pages/a.html")).exists();
    Path outside = Files.writeString(directory.resolve("outside"), "");
    Path work = Files.createDirectories(runDir.appWork().resolve(copy.hash()));
    Files.createSymbolicLink(work.resolve("link"), directory);
    store.keepOnly(List.of());
    assertThat(runDir.apps()).isEmptyDirectory();
    assertThat(runDir.appWork()).isEmptyDirectory();
    assertThat(outside).exists();
  }

  @Test
  void aDirectoryIsCopiedByItsContent() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    assertThatThrownBy(() -> store.copyApp(settings(tree))).hasMessageContaining("no WEB-INF/");
    Files.createDirectory(tree.resolve("WEB-INF"));
    Path page = Files.writeString(tree.resolve("a.html"), "1");
    Generation.AppCopy first = store.copyApp(settings(tree));
    Files.setLastModifiedTime(page, FileTime.fromMillis(0));
    assertThat(store.copyApp(settings(tree))).as("touched").isEqualTo(first);
    Files.writeString(page, "2");
    assertThat(store.copyApp(settings(tree))).isNotEqualTo(first);
    assertThat(first.file().resolve("a.html")).hasContent("1");
  }

  @Test
  void refusesAWarThatIsBrokenOrLeavesItsDirectory() throws Exception {
    writeWar("<web-app><servlet></web-app>", "a.html");
    assertThatThrownBy(() -> store.copyApp(settings(app)))
        .hasMessageContainingAll("app.path=" + app, "WEB-INF/web.xml");
    writeWar("<web-app/>", "../../out.html");
    assertThatThrownBy(() -> store.copyApp(settings(app)))
        .hasMessageContainingAll("app.path=" + app, "../../out.html would leave the WAR");
    assertThat(runDir.apps()).isEmptyDirectory();
  }

  @Test
  void aSecondMasterOnTheSameRunDirectoryIsRefused() {
    assertThatThrownBy(() -> RunDir.claim(directory.resolve("run"), 1))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("another master (pid " + Posix.get().pid() + ")");
  }
}
