package dev.tidepool.servlet;

import dev.tidepool.servlet.Descriptor.FilterEntry;
import dev.tidepool.servlet.Descriptor.ServletEntry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.annotation.WebServlet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.AnnotationValue;
import org.jboss.jandex.IndexView;

/** What the annotations on the classes of one archive say, as a descriptor. */
final class Annotations {
  /** Injected by a full Jakarta EE server; with what is left null a component fails later. */
  private static final List<String> FULL_SERVER =
      List.of(
          "jakarta.ejb.EJB",
          "jakarta.ejb.Stateless",
          "jakarta.ejb.Stateful",
          "jakarta.ejb.Singleton",
          "jakarta.ejb.MessageDriven",
          "jakarta.annotation.sql.DataSourceDefinition");

  private Annotations() {}

  static Descriptor read(IndexView index) {
    var into = new Descriptor();
    for (AnnotationInstance each : on(index, WebServlet.class.getName())) {
      servlet(each, into);
    }
    for (AnnotationInstance each : on(index, WebFilter.class.getName())) {
      filter(each, into);
    }
    for (AnnotationInstance each : on(index, WebListener.class.getName())) {
      into.listeners.add(className(each));
    }
    return into;
  }

  /** Uses of what is not supported: {@code @EJB in com.example.Cart}. */
  static List<String> unsupported(IndexView index) {
    List<String> found = new ArrayList<>();
    for (String annotation : FULL_SERVER) {
      for (AnnotationInstance each : index.getAnnotations(annotation)) {
        String name = annotation.substring(annotation.lastIndexOf('.') + 1);
        found.add("@" + name + " in " + declaring(each.target()));
      }
    }
    return found;
  }

  private static String declaring(AnnotationTarget target) {
    return switch (target.kind()) {
      case CLASS -> target.asClass().name().toString();
      case FIELD -> target.asField().declaringClass().name().toString();
      case METHOD -> target.asMethod().declaringClass().name().toString();
      default -> target.toString();
    };
  }

  private static List<AnnotationInstance> on(IndexView index, String annotation) {
    Collection<AnnotationInstance> all = index.getAnnotations(annotation);
    return all.stream()
        .filter(each -> each.target().kind() == AnnotationTarget.Kind.CLASS)
        .toList();
  }

  private static String className(AnnotationInstance annotation) {
    return annotation.target().asClass().name().toString();
  }

  private static void servlet(AnnotationInstance in, Descriptor into) {
    var entry = new ServletEntry(text(in, "name", className(in)));
    entry.className = className(in);
    AnnotationValue load = in.value("loadOnStartup");
    entry.loadOnStartup = load == null ? null : load.asInt();
    AnnotationValue async = in.value("asyncSupported");
    entry.asyncSupported = async == null ? null : async.asBoolean();
    params(in, entry.initParams);
    into.servlets.put(entry.name, entry);
    List<String> patterns = patterns(in);
    if (!patterns.isEmpty()) {
      into.servletMappings.put(entry.name, new LinkedHashSet<>(patterns));
    }
  }

  private static void filter(AnnotationInstance in, Descriptor into) {
    var entry = new FilterEntry(text(in, "filterName", className(in)));
    entry.className = className(in);
    AnnotationValue async = in.value("asyncSupported");
    entry.asyncSupported = async == null ? null : async.asBoolean();
    params(in, entry.initParams);
    into.filters.put(entry.name, entry);
    EnumSet<DispatcherType> types = EnumSet.noneOf(DispatcherType.class);
    AnnotationValue dispatchers = in.value("dispatcherTypes");
    if (dispatchers == null) {
      types.add(DispatcherType.REQUEST);
    } else {
      Arrays.stream(dispatchers.asEnumArray()).map(DispatcherType::valueOf).forEach(types::add);
    }
    into.filterMappings.add(
        new Descriptor.FilterMapping(entry.name, patterns(in), texts(in, "servletNames"), types));
  }

  private static void params(AnnotationInstance in, Map<String, String> params) {
    AnnotationValue value = in.value("initParams");
    if (value != null) {
      for (AnnotationInstance param : value.asNestedArray()) {
        params.put(param.value("name").asString(), param.value("value").asString());
      }
    }
  }

  private static List<String> patterns(AnnotationInstance in) {
    List<String> patterns = new ArrayList<>(texts(in, "value"));
    patterns.addAll(texts(in, "urlPatterns"));
    return patterns;
  }

  private static List<String> texts(AnnotationInstance in, String name) {
    AnnotationValue value = in.value(name);
    return value == null ? List.of() : List.of(value.asStringArray());
  }

  private static String text(AnnotationInstance in, String name, String otherwise) {
    AnnotationValue value = in.value(name);
    return value == null || value.asString().isEmpty() ? otherwise : value.asString();
  }
}
