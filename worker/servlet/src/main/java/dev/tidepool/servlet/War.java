package dev.tidepool.servlet;

import dev.tidepool.app.AppContext;
import dev.tidepool.conf.AppSettings;
import dev.tidepool.conf.Settings;
import dev.tidepool.worker.AppSessions;
import dev.tidepool.worker.LoadedApp;
import io.undertow.server.HttpHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletSessionConfig;
import io.undertow.servlet.api.ServletStackTraces;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.jasper.deploy.TagLibraryInfo;
import org.jspecify.annotations.Nullable;

/** A WAR in Undertow's servlet container. */
final class War implements LoadedApp {
  private static final int HTTPS = 443;

  /** Of the container, in sessions: a log-in, and the request that led to it. */
  private static final List<String> SESSION_CLASSES =
      List.of(
          UserAccount.class.getName(),
          "io.undertow.security.api.AuthenticatedSessionManager$AuthenticatedSession",
          "io.undertow.servlet.util.SavedRequest",
          "io.undertow.util.HttpString");

  private final WarFiles files;
  private final AppSettings own;
  private final Settings settings;
  private final WarClassLoader loader;
  private @Nullable DeploymentManager deployment;
  private @Nullable Path scratch;

  War(WarFiles files, AppSettings own, Settings settings) throws IOException {
    this.files = files;
    this.own = own;
    this.settings = settings;
    this.loader = new WarClassLoader(files, War.class.getClassLoader());
  }

  @Override
  public ClassLoader classLoader() {
    return loader;
  }

  @Override
  public HttpHandler start(AppContext context, AppSessions sessions) throws Exception {
    WebApp app = WebApp.read(files);
    DeploymentManager manager = Servlets.newContainer().addDeployment(describe(app, sessions));
    deployment = manager;
    try {
      manager.deploy();
    } catch (RuntimeException e) {
      throw e.getCause() instanceof Exception cause
          ? cause
          : e; // Undertow wraps what the app threw
    }
    HttpHandler container = manager.start();
    ServletContext servlets = manager.getDeployment().getServletContext();
    context.onDrain(departure -> WebSockets.leave(servlets, departure));
    return sessions.locked(
        container, manager.getDeployment().getServletContext().getSessionConfig());
  }

  private DeploymentInfo describe(WebApp app, AppSessions sessions) throws Exception {
    Descriptor descriptor = app.descriptor();
    Path compiled = files.ownDirectory();
    scratch = compiled;
    boolean jsps = Jsps.areIn(files);
    Map<String, TagLibraryInfo> libraries =
        jsps ? new TagLibraries(files, descriptor).find() : Map.of();
    Environment environment = Environment.of(descriptor, loader);
    loader.environment(environment);
    EnvironmentContext.install();
    var instances = new Instances(environment);
    DeploymentInfo info = Deployments.of(descriptor, loader, instances, tempDirectory());
    if (jsps) {
      Jsps.add(info, descriptor, libraries, compiled);
    }
    info.setDeploymentName(own.name()).setContextPath(own.context());
    info.setResourceManager(new WarResources(files));
    info.addInnerHandlerChainWrapper(Ranges::before);
    info.setServletStackTraces(ServletStackTraces.NONE);
    info.setIdentityManager(new Users(settings.servlet().users()));
    info.setConfidentialPortManager(exchange -> HTTPS);
    ServletSessionConfig cookie = Deployments.cookie(descriptor, settings.sessions().cookie());
    info.setServletSessionConfig(cookie);
    info.setSessionConfigWrapper((config, unused) -> sessions.config(config, cookie.getName()));
    info.setDefaultSessionTimeout(sessionSeconds(descriptor));
    List<String> classes = new ArrayList<>(SESSION_CLASSES);
    files.ownPackages().stream()
        .filter(name -> !name.isEmpty())
        .forEach(name -> classes.add(name + ".*"));
    info.setSessionManagerFactory(unused -> sessions.manager(loader, classes));
    info.addServletContainerInitializers(
        new Initializers(loader, app.index().all(), instances).find(app.excluded()));
    WebSockets.add(info, app.index(), loader);
    return info;
  }

  /** One for all workers and generations: apps keep there what belongs to a session. */
  private Path tempDirectory() throws IOException {
    String name = own.name().equals("/") ? "ROOT" : own.name();
    return Files.createDirectories(
        settings.appTemp().resolve(name.replaceFirst("^/", "").replace('/', '#')));
  }

  private int sessionSeconds(Descriptor descriptor) {
    Integer minutes = descriptor.session == null ? null : descriptor.session.timeoutMinutes();
    return minutes == null
        ? (int) Math.min(Integer.MAX_VALUE, settings.sessions().timeout().toSeconds())
        : (int) TimeUnit.MINUTES.toSeconds(minutes);
  }

  @Override
  public void stop() throws Exception {
    if (deployment != null) {
      deployment.stop();
      deployment.undeploy();
    }
    if (scratch != null) {
      WarFiles.delete(scratch);
    }
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
