package dev.tidepool.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.MultipartConfigElement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code web.xml}, a {@code web-fragment.xml} or the annotations of one jar say. They are
 * merged in this order, and what is said first counts (Servlet 6.0, 8.2.3).
 */
final class Descriptor {
  boolean metadataComplete;
  @Nullable String displayName;
  final Map<String, String> contextParams = new LinkedHashMap<>();
  final Map<String, ServletEntry> servlets = new LinkedHashMap<>();
  final Map<String, Set<String>> servletMappings = new LinkedHashMap<>();
  final Map<String, FilterEntry> filters = new LinkedHashMap<>();
  final List<FilterMapping> filterMappings = new ArrayList<>();
  final Set<String> listeners = new LinkedHashSet<>();
  final Map<String, ErrorEntry> errorPages = new LinkedHashMap<>();
  final Map<String, String> mimeTypes = new LinkedHashMap<>();
  final Set<String> welcomeFiles = new LinkedHashSet<>();
  final Map<String, String> localeEncodings = new LinkedHashMap<>();
  @Nullable String requestEncoding;
  @Nullable String responseEncoding;
  @Nullable SessionEntry session;
  final List<Constraint> constraints = new ArrayList<>();
  @Nullable Login login;
  final Set<String> roles = new LinkedHashSet<>();
  boolean denyUncoveredMethods;
  final List<JspGroup> jspGroups = new ArrayList<>();
  final Map<String, String> taglibs = new LinkedHashMap<>();
  final Map<String, EnvEntry> environment = new LinkedHashMap<>();

  /** Elements that only a full Jakarta EE server can honour. */
  final List<String> unsupported = new ArrayList<>();

  static final class ServletEntry {
    final String name;
    @Nullable String className;
    @Nullable String jspFile;
    @Nullable Integer loadOnStartup;
    @Nullable Boolean asyncSupported;
    @Nullable Boolean enabled;
    @Nullable String runAs;
    @Nullable MultipartConfigElement multipart;
    final Map<String, String> initParams = new LinkedHashMap<>();
    final Map<String, String> roleRefs = new LinkedHashMap<>();

    ServletEntry(String name) {
      this.name = name;
    }

    void merge(ServletEntry lower) {
      if (className == null && jspFile == null) {
        className = lower.className;
        jspFile = lower.jspFile;
      }
      loadOnStartup = loadOnStartup != null ? loadOnStartup : lower.loadOnStartup;
      asyncSupported = asyncSupported != null ? asyncSupported : lower.asyncSupported;
      enabled = enabled != null ? enabled : lower.enabled;
      runAs = runAs != null ? runAs : lower.runAs;
      multipart = multipart != null ? multipart : lower.multipart;
      lower.initParams.forEach(initParams::putIfAbsent);
      lower.roleRefs.forEach(roleRefs::putIfAbsent);
    }
  }

  static final class FilterEntry {
    final String name;
    @Nullable String className;
    @Nullable Boolean asyncSupported;
    final Map<String, String> initParams = new LinkedHashMap<>();

    FilterEntry(String name) {
      this.name = name;
    }

    void merge(FilterEntry lower) {
      className = className != null ? className : lower.className;
      asyncSupported = asyncSupported != null ? asyncSupported : lower.asyncSupported;
      lower.initParams.forEach(initParams::putIfAbsent);
    }
  }

  record FilterMapping(
      String filter, List<String> patterns, List<String> servlets, Set<DispatcherType> types) {}

  /** For one status, or one class of exception, or all errors. */
  record ErrorEntry(@Nullable Integer status, @Nullable String exception, String location) {}

  /** Null is what is not said. */
  record SessionEntry(
      @Nullable Integer timeoutMinutes,
      @Nullable String cookie,
      @Nullable String domain,
      @Nullable String path,
      @Nullable Boolean httpOnly,
      @Nullable Boolean secure,
      @Nullable Integer maxAge,
      Set<String> trackingModes) {}

  record Resources(List<String> patterns, List<String> methods, List<String> omissions) {}

  /**
   * A security constraint.
   *
   * @param roles null if no log-in is asked for
   */
  record Constraint(
      List<Resources> resources, @Nullable List<String> roles, @Nullable String transport) {}

  record Login(
      String method, @Nullable String realm, @Nullable String page, @Nullable String errorPage) {}

  /** A {@code jsp-property-group}: element names with what they say, in their order. */
  record JspGroup(List<Map.Entry<String, String>> properties) {}

  /**
   * An environment entry.
   *
   * @param lookup name of another one that it is the same as
   */
  record EnvEntry(
      String name,
      @Nullable String type,
      @Nullable String value,
      @Nullable String lookup,
      List<InjectionTarget> targets) {}

  /** A field or property. */
  record InjectionTarget(String className, String member) {}

  /** Takes from {@code lower} what is not said here. */
  void merge(Descriptor lower) {
    lower.contextParams.forEach(contextParams::putIfAbsent);
    lower.servlets.forEach(
        (name, entry) -> servlets.computeIfAbsent(name, ServletEntry::new).merge(entry));
    lower.servletMappings.forEach(servletMappings::putIfAbsent);
    Set<String> mappedFilters = new LinkedHashSet<>();
    filterMappings.forEach(mapping -> mappedFilters.add(mapping.filter));
    lower.filters.forEach(
        (name, entry) -> filters.computeIfAbsent(name, FilterEntry::new).merge(entry));
    lower.filterMappings.stream()
        .filter(mapping -> !mappedFilters.contains(mapping.filter))
        .forEach(filterMappings::add);
    listeners.addAll(lower.listeners);
    lower.errorPages.forEach(errorPages::putIfAbsent);
    lower.mimeTypes.forEach(mimeTypes::putIfAbsent);
    welcomeFiles.addAll(lower.welcomeFiles);
    lower.localeEncodings.forEach(localeEncodings::putIfAbsent);
    requestEncoding = requestEncoding != null ? requestEncoding : lower.requestEncoding;
    responseEncoding = responseEncoding != null ? responseEncoding : lower.responseEncoding;
    session = session != null ? session : lower.session;
    constraints.addAll(lower.constraints);
    login = login != null ? login : lower.login;
    roles.addAll(lower.roles);
    jspGroups.addAll(lower.jspGroups);
    lower.taglibs.forEach(taglibs::putIfAbsent);
    lower.environment.forEach(environment::putIfAbsent);
    unsupported.addAll(lower.unsupported);
  }
}
