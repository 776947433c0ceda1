package dev.tidepool.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.jasper.deploy.FunctionInfo;
import org.apache.jasper.deploy.TagAttributeInfo;
import org.apache.jasper.deploy.TagFileInfo;
import org.apache.jasper.deploy.TagInfo;
import org.apache.jasper.deploy.TagLibraryInfo;
import org.apache.jasper.deploy.TagLibraryValidatorInfo;
import org.apache.jasper.deploy.TagVariableInfo;
import org.jspecify.annotations.Nullable;

/** Tag libraries by their URI: those of the WAR, of its jars, and the container's JSTL. */
final class TagLibraries {
  private static final String TLD = ".tld";
  private static final String IN_CONTAINER = "org.apache.taglibs.standard.Version";

  private final WarFiles files;
  private final Descriptor descriptor;
  private final Map<String, TagLibraryInfo> byUri = new LinkedHashMap<>();

  TagLibraries(WarFiles files, Descriptor descriptor) {
    this.files = files;
    this.descriptor = descriptor;
  }

  /** Also adds the listeners that they name to the descriptor. */
  Map<String, TagLibraryInfo> find() throws IOException {
    for (Map.Entry<String, String> taglib : descriptor.taglibs.entrySet()) {
      Path file = atLocation(taglib.getValue());
      if (Files.isRegularFile(file) && file.toString().endsWith(TLD)) {
        add(taglib.getKey(), read(file));
      }
    }
    Path webInf = files.root.resolve("WEB-INF");
    try (Stream<Path> all = Files.walk(webInf)) {
      for (Path file : all.filter(path -> path.toString().endsWith(TLD)).sorted().toList()) {
        add(null, read(file));
      }
    }
    for (Path jar : files.jars) {
      addFrom(jar, true);
    }
    addFrom(jstl(), false);
    return byUri;
  }

  private Path atLocation(String location) {
    return location.startsWith("/")
        ? files.root.resolve(location.substring(1))
        : files.root.resolve("WEB-INF").resolve(location);
  }

  private static Path jstl() throws IOException {
    try {
      Class<?> marker = Class.forName(IN_CONTAINER, false, TagLibraries.class.getClassLoader());
      return Path.of(marker.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private TagLibraryInfo read(Path file) throws IOException {
    String path = "/" + files.root.relativize(file);
    TagLibraryInfo library = read(Files.newInputStream(file), path, true);
    int slash = path.lastIndexOf('/');
    library.setPath(path.substring(0, slash));
    library.setLocation("");
    byUri.putIfAbsent(path, library); // JSPs may name the file
    return library;
  }

  private void addFrom(Path jar, boolean ofWar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      for (JarEntry entry : Collections.list(file.entries())) {
        String name = entry.getName();
        if (name.startsWith("META-INF/") && name.endsWith(TLD)) {
          TagLibraryInfo library =
              read(file.getInputStream(entry), jar.getFileName() + "!/" + name, ofWar);
          library.setLocation(ofWar ? "/WEB-INF/lib/" + jar.getFileName() : jar.toString());
          library.setPath(name);
          add(null, library);
        }
      }
    }
  }

  private void add(@Nullable String uri, TagLibraryInfo library) {
    String name = uri != null ? uri : library.getUri();
    if (name != null && !name.isEmpty()) {
      byUri.putIfAbsent(name, library);
    }
  }

  private TagLibraryInfo read(InputStream in, String name, boolean withListeners)
      throws IOException {
    Xml document = Xml.read(in, name);
    var library = new TagLibraryInfo();
    for (Xml child : document.children()) {
      switch (child.name()) {
        case "uri" -> library.setUri(child.text());
        case "short-name", "shortname" -> library.setShortname(child.text());
        case "tlib-version", "tlibversion" -> library.setTlibversion(child.text());
        case "jsp-version", "jspversion" -> library.setJspversion(child.text());
        case "description", "info" -> library.setInfo(child.text());
        case "tag" -> library.addTagInfo(tag(child));
        case "tag-file" -> {
          var file = new TagFileInfo();
          file.setName(child.required("name"));
          file.setPath(child.required("path"));
          library.addTagFileInfo(file);
        }
        case "function" -> library.addFunctionInfo(function(child));
        case "validator" -> {
          var validator = new TagLibraryValidatorInfo();
          validator.setValidatorClass(child.required("validator-class"));
          for (Xml param : child.children("init-param")) {
            validator.addInitParam(param.required("param-name"), param.required("param-value"));
          }
          library.setValidator(validator);
        }
        case "listener" -> {
          if (withListeners) {
            descriptor.listeners.add(child.required("listener-class"));
          }
        }
        default -> {} // icons, names to show, extensions
      }
    }
    String version = document.attribute("version");
    if (!version.isEmpty()) {
      library.setJspversion(version);
    }
    return library;
  }

  private static FunctionInfo function(Xml in) throws IOException {
    var function = new FunctionInfo();
    function.setName(in.required("name"));
    function.setFunctionClass(in.required("function-class"));
    function.setFunctionSignature(in.required("function-signature"));
    return function;
  }

  private static TagInfo tag(Xml in) throws IOException {
    var tag = new TagInfo();
    for (Xml child : in.children()) {
      switch (child.name()) {
        case "name" -> tag.setTagName(child.text());
        case "tag-class", "tagclass" -> tag.setTagClassName(child.text());
        case "tei-class", "teiclass" -> tag.setTagExtraInfo(child.text());
        case "body-content", "bodycontent" -> tag.setBodyContent(child.text());
        case "display-name" -> tag.setDisplayName(child.text());
        case "description", "info" -> tag.setInfoString(child.text());
        case "dynamic-attributes" -> tag.setDynamicAttributes(child.text());
        case "attribute" -> tag.addTagAttributeInfo(attribute(child));
        case "variable" -> tag.addTagVariableInfo(variable(child));
        default -> {} // icons, examples, extensions
      }
    }
    return tag;
  }

  private static TagAttributeInfo attribute(Xml in) throws IOException {
    var attribute = new TagAttributeInfo();
    attribute.setName(in.required("name"));
    for (Xml child : in.children()) {
      switch (child.name()) {
        case "required" -> attribute.setRequired(child.text());
        case "rtexprvalue" -> attribute.setReqTime(child.text());
        case "type" -> attribute.setType(child.text());
        case "fragment" -> attribute.setFragment(child.text());
        case "description" -> attribute.setDescription(child.text());
        case "deferred-value" -> {
          attribute.setDeferredValue("true");
          String type = child.text("type");
          attribute.setExpectedTypeName(type == null ? "java.lang.Object" : type);
        }
        case "deferred-method" -> {
          attribute.setDeferredMethod("true");
          String signature = child.text("method-signature");
          attribute.setMethodSignature(signature == null ? "void method()" : signature);
        }
        default -> {} // the name
      }
    }
    return attribute;
  }

  private static TagVariableInfo variable(Xml in) {
    var variable = new TagVariableInfo();
    for (Xml child : in.children()) {
      switch (child.name()) {
        case "name-given" -> variable.setNameGiven(child.text());
        case "name-from-attribute" -> variable.setNameFromAttribute(child.text());
        case "variable-class" -> variable.setClassName(child.text());
        case "declare" -> variable.setDeclare(child.text());
        case "scope" -> variable.setScope(child.text());
        default -> {} // descriptions
      }
    }
    return variable;
  }
}
