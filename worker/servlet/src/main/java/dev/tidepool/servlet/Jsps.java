package dev.tidepool.servlet;

import io.undertow.jsp.HackInstanceManager;
import io.undertow.jsp.JspFileHandler;
import io.undertow.jsp.JspServletBuilder;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.ServletInfo;
import jakarta.servlet.descriptor.JspConfigDescriptor;
import jakarta.servlet.descriptor.JspPropertyGroupDescriptor;
import jakarta.servlet.descriptor.TaglibDescriptor;
import jakarta.servlet.jsp.JspFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.jasper.deploy.JspPropertyGroup;
import org.apache.jasper.deploy.TagLibraryInfo;
import org.apache.jasper.runtime.JspFactoryImpl;
import org.apache.jasper.servlet.JspServlet;

/** JSPs by Jastow, if the WAR has some. */
final class Jsps {
  private static final String SERVLET = "jsp";
  private static final List<String> ENDINGS = List.of(".jsp", ".jspx", ".jspf", ".tag", ".tagx");

  private Jsps() {}

  static boolean areIn(WarFiles files) throws IOException {
    if (anyBelow(files.root)) {
      return true;
    }
    for (Path directory : files.jarResources()) {
      if (anyBelow(directory)) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyBelow(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.map(Path::toString).anyMatch(name -> ENDINGS.stream().anyMatch(name::endsWith));
    }
  }

  /** A servlet that is one JSP. */
  static ServletInfo servlet(String name, String file) {
    return new ServletInfo(name, JspServlet.class)
        .setJspFile(file)
        .addHandlerChainWrapper(JspFileHandler.jspFileHandlerWrapper(file));
  }

  /**
   * Adds the servlet that compiles and runs them.
   *
   * @param scratch for what it compiles; of this worker alone
   */
  static void add(
      DeploymentInfo info,
      Descriptor descriptor,
      Map<String, TagLibraryInfo> libraries,
      Path scratch) {
    if (JspFactory.getDefaultFactory() == null) {
      JspFactory.setDefaultFactory(new JspFactoryImpl());
    }
    if (!info.getServlets().containsKey(SERVLET)) {
      info.addServlet(new ServletInfo(SERVLET, JspServlet.class).addMappings("*.jsp", "*.jspx"));
    }
    info.getServlets().values().stream()
        .filter(servlet -> servlet.getServletClass() == JspServlet.class)
        .forEach(
            servlet ->
                servlet
                    .addInitParam("scratchdir", scratch.toString())
                    .addInitParam("development", "false")
                    .addInitParam("compilerSourceVM", "17")
                    .addInitParam("compilerTargetVM", "17"));
    JspServletBuilder.setupDeployment(
        info, new HashMap<>(), new HashMap<>(libraries), new HackInstanceManager());
    // Of what the line above takes Jastow reads the libraries only.
    info.setJspConfigDescriptor(new Config(groups(descriptor)));
  }

  private record Config(Collection<JspPropertyGroupDescriptor> groups)
      implements JspConfigDescriptor {
    @Override
    public Collection<TaglibDescriptor> getTaglibs() {
      return List.of();
    }

    @Override
    public Collection<JspPropertyGroupDescriptor> getJspPropertyGroups() {
      return groups;
    }
  }

  private static List<JspPropertyGroupDescriptor> groups(Descriptor descriptor) {
    List<JspPropertyGroupDescriptor> groups = new ArrayList<>();
    for (Descriptor.JspGroup group : descriptor.jspGroups) {
      var made = new JspPropertyGroup();
      group.properties().forEach(property -> set(made, property));
      groups.add(made);
    }
    return groups;
  }

  private static void set(JspPropertyGroup group, Map.Entry<String, String> property) {
    String value = property.getValue();
    switch (property.getKey()) {
      case "url-pattern" -> group.addUrlPattern(value);
      case "el-ignored" -> group.setElIgnored(value);
      case "error-on-el-not-found" -> group.setErrorOnELNotFound(value);
      case "page-encoding" -> group.setPageEncoding(value);
      case "scripting-invalid" -> group.setScriptingInvalid(value);
      case "is-xml" -> group.setIsXml(value);
      case "include-prelude" -> group.addIncludePrelude(value);
      case "include-coda" -> group.addIncludeCoda(value);
      case "deferred-syntax-allowed-as-literal" -> group.setDeferredSyntaxAllowedAsLiteral(value);
      case "trim-directive-whitespaces" -> group.setTrimDirectiveWhitespaces(value);
      case "default-content-type" -> group.setDefaultContentType(value);
      case "buffer" -> group.setBuffer(value);
      case "error-on-undeclared-namespace" -> group.setErrorOnUndeclaredNamespace(value);
      default -> {} // descriptions
    }
  }
}
