package dev.tidepool.servlet;

import dev.tidepool.servlet.Descriptor.FilterEntry;
import dev.tidepool.servlet.Descriptor.ServletEntry;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.ErrorPage;
import io.undertow.servlet.api.FilterInfo;
import io.undertow.servlet.api.ListenerInfo;
import io.undertow.servlet.api.MimeMapping;
import io.undertow.servlet.api.ServletInfo;
import io.undertow.servlet.api.ServletSessionConfig;
import jakarta.annotation.security.DeclareRoles;
import jakarta.annotation.security.RunAs;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletSecurityElement;
import jakarta.servlet.SessionTrackingMode;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.ServletSecurity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EventListener;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes Undertow's description of a deployment out of ours. */
final class Deployments {
  private static final List<String> WELCOME_FILES = List.of("index.html", "index.htm", "index.jsp");

  private final Descriptor descriptor;
  private final ClassLoader loader;
  private final Instances instances;
  private final Path tempDirectory;
  private final DeploymentInfo info = new DeploymentInfo();

  private Deployments(
      Descriptor descriptor, ClassLoader loader, Instances instances, Path tempDirectory) {
    this.descriptor = descriptor;
    this.loader = loader;
    this.instances = instances;
    this.tempDirectory = tempDirectory;
  }

  /**
   * What the descriptor says; resources, sessions and users are the caller's.
   *
   * @throws ClassNotFoundException if a class that it names is not there
   */
  static DeploymentInfo of(
      Descriptor descriptor, ClassLoader loader, Instances instances, Path tempDirectory)
      throws IOException, ReflectiveOperationException {
    return new Deployments(descriptor, loader, instances, tempDirectory).build();
  }

  private DeploymentInfo build() throws IOException, ReflectiveOperationException {
    info.setClassLoader(loader).setClassIntrospecter(instances).setTempDir(tempDirectory);
    info.setDisplayName(descriptor.displayName);
    info.setMajorVersion(6).setMinorVersion(0);
    descriptor.contextParams.forEach(info::addInitParameter);
    info.setDefaultRequestEncoding(
        descriptor.requestEncoding != null ? descriptor.requestEncoding : "UTF-8");
    info.setDefaultResponseEncoding(descriptor.responseEncoding);
    descriptor.localeEncodings.forEach(info::addLocaleCharsetMapping);
    info.addWelcomePages(
        descriptor.welcomeFiles.isEmpty() ? WELCOME_FILES : descriptor.welcomeFiles);
    descriptor.mimeTypes.forEach(
        (extension, type) -> info.addMimeMapping(new MimeMapping(extension, type)));
    for (String listener : descriptor.listeners) {
      info.addListener(listener(loader.loadClass(listener).asSubclass(EventListener.class)));
    }
    for (FilterEntry filter : descriptor.filters.values()) {
      addFilter(filter);
    }
    for (Descriptor.FilterMapping mapping : descriptor.filterMappings) {
      for (DispatcherType type : mapping.types()) {
        mapping.patterns().forEach(at -> info.addFilterUrlMapping(mapping.filter(), at, type));
        mapping
            .servlets()
            .forEach(at -> info.addFilterServletNameMapping(mapping.filter(), at, type));
      }
    }
    for (ServletEntry servlet : descriptor.servlets.values()) {
      addServlet(servlet);
    }
    for (Descriptor.ErrorEntry page : descriptor.errorPages.values()) {
      info.addErrorPage(errorPage(page));
    }
    new Security(descriptor).applyTo(info);
    return info;
  }

  private <T extends EventListener> ListenerInfo listener(Class<T> type)
      throws NoSuchMethodException {
    return new ListenerInfo(type, instances.createInstanceFactory(type));
  }

  private void addFilter(FilterEntry entry) throws IOException, ReflectiveOperationException {
    Class<? extends Filter> type =
        loader.loadClass(classOf("filter", entry.name, entry.className)).asSubclass(Filter.class);
    var filter = new FilterInfo(entry.name, type, instances.createInstanceFactory(type));
    filter.setAsyncSupported(Boolean.TRUE.equals(entry.asyncSupported));
    entry.initParams.forEach(filter::addInitParam);
    info.addFilter(filter);
  }

  private static String classOf(String kind, String name, @Nullable String className)
      throws IOException {
    if (className == null || className.isEmpty()) {
      throw new IOException(kind + " " + name + " has no class, in web.xml or by an annotation");
    }
    return className;
  }

  private void addServlet(ServletEntry entry) throws IOException, ReflectiveOperationException {
    ServletInfo servlet =
        entry.jspFile != null && entry.className == null
            ? Jsps.servlet(entry.name, entry.jspFile)
            : ofClass(entry);
    entry.initParams.forEach(servlet::addInitParam);
    servlet.setAsyncSupported(Boolean.TRUE.equals(entry.asyncSupported));
    servlet.setEnabled(!Boolean.FALSE.equals(entry.enabled));
    if (entry.loadOnStartup != null) {
      servlet.setLoadOnStartup(entry.loadOnStartup);
    }
    if (entry.runAs != null) {
      servlet.setRunAs(entry.runAs);
    }
    if (entry.multipart != null) {
      servlet.setMultipartConfig(multipart(entry.multipart));
    }
    entry.roleRefs.forEach(servlet::addSecurityRoleRef);
    Set<String> mappings = descriptor.servletMappings.get(entry.name);
    if (mappings != null) {
      servlet.addMappings(mappings);
    }
    info.addServlet(servlet);
  }

  /** With what its class says of itself. */
  private ServletInfo ofClass(ServletEntry entry) throws IOException, ReflectiveOperationException {
    Class<? extends Servlet> type =
        loader.loadClass(classOf("servlet", entry.name, entry.className)).asSubclass(Servlet.class);
    var servlet = new ServletInfo(entry.name, type, instances.createInstanceFactory(type));
    MultipartConfig multipart = type.getAnnotation(MultipartConfig.class);
    if (multipart != null) {
      servlet.setMultipartConfig(multipart(new MultipartConfigElement(multipart)));
    }
    RunAs runAs = type.getAnnotation(RunAs.class);
    if (runAs != null) {
      servlet.setRunAs(runAs.value());
    }
    DeclareRoles declared = type.getAnnotation(DeclareRoles.class);
    if (declared != null) {
      info.addSecurityRoles(declared.value());
    }
    ServletSecurity security = type.getAnnotation(ServletSecurity.class);
    if (security != null) {
      servlet.setServletSecurityInfo(Security.of(new ServletSecurityElement(security)));
    }
    return servlet;
  }

  /** A relative location is below the temporary directory, and has to be there. */
  private MultipartConfigElement multipart(MultipartConfigElement config) throws IOException {
    Path location = tempDirectory.resolve(config.getLocation());
    Files.createDirectories(location);
    return new MultipartConfigElement(
        location.toString(),
        config.getMaxFileSize(),
        config.getMaxRequestSize(),
        config.getFileSizeThreshold());
  }

  private ErrorPage errorPage(Descriptor.ErrorEntry entry) throws ClassNotFoundException {
    if (entry.exception() != null) {
      return new ErrorPage(
          entry.location(), loader.loadClass(entry.exception()).asSubclass(Throwable.class));
    }
    return entry.status() != null
        ? new ErrorPage(entry.location(), entry.status())
        : new ErrorPage(entry.location());
  }

  /** The session cookie: as web.xml says, else as the configuration does. */
  static ServletSessionConfig cookie(Descriptor descriptor, String name) {
    var config = new ServletSessionConfig();
    config.setName(name).setHttpOnly(true);
    Descriptor.SessionEntry session = descriptor.session;
    if (session == null) {
      return config;
    }
    if (session.cookie() != null) {
      config.setName(session.cookie());
    }
    config.setDomain(session.domain());
    config.setPath(session.path());
    config.setHttpOnly(!Boolean.FALSE.equals(session.httpOnly()));
    config.setSecure(Boolean.TRUE.equals(session.secure()));
    if (session.maxAge() != null) {
      config.setMaxAge(session.maxAge());
    }
    if (!session.trackingModes().isEmpty()) {
      config.setSessionTrackingModes(
          session.trackingModes().stream()
              .map(SessionTrackingMode::valueOf)
              .collect(Collectors.toSet()));
    }
    return config;
  }
}
