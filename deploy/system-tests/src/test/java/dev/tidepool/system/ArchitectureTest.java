package dev.tidepool.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import whom. */
@AnalyzeClasses(packages = "dev.tidepool", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule MODULES_LOOK_ONE_WAY =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("conf")
          .definedBy("dev.tidepool.conf..")
          .layer("posix")
          .definedBy("dev.tidepool.posix..")
          .layer("channel")
          .definedBy("dev.tidepool.control..")
          .layer("sessions")
          .definedBy("dev.tidepool.session..")
          .layer("app API")
          .definedBy("dev.tidepool.app..")
          .layer("worker")
          .definedBy("dev.tidepool.worker..", "org.xnio.nio..")
          .layer("servlet")
          .definedBy("dev.tidepool.servlet..")
          .layer("master")
          .definedBy("dev.tidepool.master..", "dev.tidepool.cli..")
          .layer("demo")
          .definedBy("dev.tidepool.demo..")
          .whereLayer("conf")
          .mayOnlyBeAccessedByLayers("worker", "servlet", "master")
          .whereLayer("posix")
          .mayOnlyBeAccessedByLayers("channel", "sessions", "worker", "master")
          .whereLayer("channel")
          .mayOnlyBeAccessedByLayers("worker", "master")
          .whereLayer("sessions")
          .mayOnlyBeAccessedByLayers("worker")
          .whereLayer("app API")
          .mayOnlyBeAccessedByLayers("worker", "servlet", "demo")
          .whereLayer("worker")
          .mayOnlyBeAccessedByLayers("servlet")
          .whereLayer("servlet")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("master")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("demo")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule NATIVE_CALLS_STAY_IN_POSIX =
      noClasses()
          .that()
          .resideOutsideOfPackage("..posix..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.sun.jna..");

  @ArchTest
  static final ArchRule THE_MASTER_KNOWS_NO_REQUESTS =
      noClasses()
          .that()
          .resideInAnyPackage("dev.tidepool.master..", "dev.tidepool.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.undertow..", "org.xnio..", "net.openhft..");

  @ArchTest
  static final ArchRule APP_AUTHORS_NEED_LITTLE =
      classes()
          .that()
          .resideInAPackage("dev.tidepool.app..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.tidepool.app..",
              "java..",
              "io.undertow..",
              "com.typesafe.config..",
              "com.codahale.metrics..",
              "org.jspecify..");
}
