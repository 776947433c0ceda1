package dev.tidepool.servlet;

import dev.tidepool.servlet.Descriptor.EnvEntry;
import dev.tidepool.servlet.Descriptor.FilterEntry;
import dev.tidepool.servlet.Descriptor.InjectionTarget;
import dev.tidepool.servlet.Descriptor.ServletEntry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.MultipartConfigElement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a {@code web.xml} or {@code web-fragment.xml}. */
final class DescriptorReader {
  private static final Set<String> FULL_SERVER =
      Set.of(
          "ejb-ref",
          "ejb-local-ref",
          "persistence-context-ref",
          "persistence-unit-ref",
          "service-ref",
          "connection-factory",
          "data-source",
          "jms-connection-factory",
          "jms-destination",
          "administered-object",
          "resource-ref",
          "resource-env-ref",
          "message-destination-ref",
          "context-service",
          "managed-executor",
          "managed-scheduled-executor",
          "managed-thread-factory");

  private final Descriptor into = new Descriptor();

  private DescriptorReader() {}

  /**
   * What the document says.
   *
   * @throws IOException if something that must be there is not
   */
  static Descriptor read(Xml document) throws IOException {
    var reader = new DescriptorReader();
    reader.into.metadataComplete = Boolean.parseBoolean(document.attribute("metadata-complete"));
    for (Xml element : document.children()) {
      reader.add(element);
    }
    return reader.into;
  }

  private void add(Xml in) throws IOException {
    switch (in.name()) {
      case "display-name" -> into.displayName = in.text();
      case "context-param" -> param(in, into.contextParams);
      case "servlet" -> servlet(in);
      case "servlet-mapping" ->
          into.servletMappings
              .computeIfAbsent(in.required("servlet-name"), name -> new LinkedHashSet<>())
              .addAll(in.texts("url-pattern"));
      case "filter" -> filter(in);
      case "filter-mapping" -> filterMapping(in);
      case "listener" -> into.listeners.add(in.required("listener-class"));
      case "error-page" -> errorPage(in);
      case "mime-mapping" -> into.mimeTypes.put(in.required("extension"), in.required("mime-type"));
      case "welcome-file-list" -> into.welcomeFiles.addAll(in.texts("welcome-file"));
      case "locale-encoding-mapping-list" -> {
        for (Xml mapping : in.children("locale-encoding-mapping")) {
          into.localeEncodings.put(mapping.required("locale"), mapping.required("encoding"));
        }
      }
      case "request-character-encoding" -> into.requestEncoding = in.text();
      case "response-character-encoding" -> into.responseEncoding = in.text();
      case "session-config" -> session(in);
      case "security-constraint" -> constraint(in);
      case "login-config" -> login(in);
      case "security-role" -> into.roles.add(in.required("role-name"));
      case "deny-uncovered-http-methods" -> into.denyUncoveredMethods = true;
      case "jsp-config" -> jsp(in);
      case "taglib" -> taglib(in);
      case "env-entry" -> environment(in);
      default -> {
        if (FULL_SERVER.contains(in.name())) {
          into.unsupported.add("<" + in.name() + ">" + named(in));
        }
      }
    }
  }

  /** Its name and type, if it says so. */
  private static String named(Xml in) {
    return in.children().stream()
        .filter(child -> child.name().endsWith("-name") || child.name().endsWith("-type"))
        .map(child -> " " + child.text())
        .collect(Collectors.joining());
  }

  private void environment(Xml in) throws IOException {
    List<InjectionTarget> targets = new ArrayList<>();
    for (Xml target : in.children("injection-target")) {
      targets.add(
          new InjectionTarget(
              target.required("injection-target-class"), target.required("injection-target-name")));
    }
    String name = in.required("env-entry-name");
    into.environment.put(
        name,
        new EnvEntry(
            name,
            in.text("env-entry-type"),
            in.text("env-entry-value"),
            in.text("lookup-name"),
            targets));
  }

  private static void param(Xml in, Map<String, String> params) throws IOException {
    String value = in.text("param-value");
    params.put(in.required("param-name"), value == null ? "" : value);
  }

  private void servlet(Xml in) throws IOException {
    var entry = new ServletEntry(in.required("servlet-name"));
    entry.className = in.text("servlet-class");
    entry.jspFile = in.text("jsp-file");
    if ("".equals(in.text("load-on-startup"))) {
      entry.loadOnStartup = 0;
    } else {
      entry.loadOnStartup = in.number("load-on-startup");
    }
    entry.asyncSupported = in.flag("async-supported");
    entry.enabled = in.flag("enabled");
    for (Xml param : in.children("init-param")) {
      param(param, entry.initParams);
    }
    for (Xml ref : in.children("security-role-ref")) {
      String role = ref.required("role-name");
      String link = ref.text("role-link");
      entry.roleRefs.put(role, link == null ? role : link);
    }
    Xml runAs = in.child("run-as");
    entry.runAs = runAs == null ? null : runAs.required("role-name");
    Xml multipart = in.child("multipart-config");
    if (multipart != null) {
      entry.multipart = multipart(multipart);
    }
    into.servlets.put(entry.name, entry);
  }

  private static MultipartConfigElement multipart(Xml in) throws IOException {
    String location = in.text("location");
    Integer threshold = in.number("file-size-threshold");
    return new MultipartConfigElement(
        location == null ? "" : location,
        size(in, "max-file-size"),
        size(in, "max-request-size"),
        threshold == null ? 0 : threshold);
  }

  private static long size(Xml in, String child) throws IOException {
    String text = in.text(child);
    try {
      return text == null ? -1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("<" + child + ">" + text + "</" + child + ">, expected a number", e);
    }
  }

  private void filter(Xml in) throws IOException {
    var entry = new FilterEntry(in.required("filter-name"));
    entry.className = in.text("filter-class");
    entry.asyncSupported = in.flag("async-supported");
    for (Xml param : in.children("init-param")) {
      param(param, entry.initParams);
    }
    into.filters.put(entry.name, entry);
  }

  private void filterMapping(Xml in) throws IOException {
    EnumSet<DispatcherType> types = EnumSet.noneOf(DispatcherType.class);
    for (String type : in.texts("dispatcher")) {
      try {
        types.add(DispatcherType.valueOf(type));
      } catch (IllegalArgumentException e) {
        throw new IOException("<dispatcher>" + type + "</dispatcher> is none", e);
      }
    }
    into.filterMappings.add(
        new Descriptor.FilterMapping(
            in.required("filter-name"),
            in.texts("url-pattern"),
            in.texts("servlet-name"),
            types.isEmpty() ? EnumSet.of(DispatcherType.REQUEST) : types));
  }

  private void errorPage(Xml in) throws IOException {
    Integer status = in.number("error-code");
    String exception = in.text("exception-type");
    into.errorPages.put(
        status + " " + exception,
        new Descriptor.ErrorEntry(status, exception, in.required("location")));
  }

  private void session(Xml in) throws IOException {
    Integer timeout = in.number("session-timeout");
    Set<String> modes = Set.copyOf(in.texts("tracking-mode"));
    Xml cookie = in.child("cookie-config");
    into.session =
        cookie == null
            ? new Descriptor.SessionEntry(timeout, null, null, null, null, null, null, modes)
            : new Descriptor.SessionEntry(
                timeout,
                cookie.text("name"),
                cookie.text("domain"),
                cookie.text("path"),
                cookie.flag("http-only"),
                cookie.flag("secure"),
                cookie.number("max-age"),
                modes);
  }

  private void constraint(Xml in) {
    List<Descriptor.Resources> resources = new ArrayList<>();
    for (Xml each : in.children("web-resource-collection")) {
      resources.add(
          new Descriptor.Resources(
              each.texts("url-pattern"),
              each.texts("http-method"),
              each.texts("http-method-omission")));
    }
    Xml auth = in.child("auth-constraint");
    Xml data = in.child("user-data-constraint");
    into.constraints.add(
        new Descriptor.Constraint(
            resources,
            auth == null ? null : auth.texts("role-name"),
            data == null ? null : data.text("transport-guarantee")));
  }

  private void login(Xml in) {
    String method = in.text("auth-method");
    Xml form = in.child("form-login-config");
    into.login =
        new Descriptor.Login(
            method == null ? "" : method,
            in.text("realm-name"),
            page(form, "login"),
            page(form, "error"));
  }

  private static @Nullable String page(@Nullable Xml form, String which) {
    return form == null ? null : form.text("form-" + which + "-page");
  }

  private void jsp(Xml in) throws IOException {
    for (Xml taglib : in.children("taglib")) {
      taglib(taglib);
    }
    for (Xml group : in.children("jsp-property-group")) {
      List<Map.Entry<String, String>> properties = new ArrayList<>();
      for (Xml property : group.children()) {
        properties.add(Map.entry(property.name(), property.text()));
      }
      into.jspGroups.add(new Descriptor.JspGroup(properties));
    }
  }

  private void taglib(Xml in) throws IOException {
    into.taglibs.put(in.required("taglib-uri"), in.required("taglib-location"));
  }
}
