package dev.tidepool.servlet;

import dev.tidepool.app.Departure;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.websockets.jsr.Bootstrap;
import io.undertow.websockets.jsr.ConfiguredServerEndpoint;
import io.undertow.websockets.jsr.ServerWebSocketContainer;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletContext;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.Index;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** WebSocket endpoints (Jakarta WebSocket 2.1, 6.2): what the WAR's classes declare. */
final class WebSockets {
  private static final Logger log = LoggerFactory.getLogger(WebSockets.class);
  private static final int BUFFER_BYTES = 16 * 1024;

  private WebSockets() {}

  /** Adds the container also if the WAR declares no endpoint: it may add some as it starts. */
  static void add(DeploymentInfo info, ClassIndex index, ClassLoader loader)
      throws ReflectiveOperationException {
    Set<Class<?>> annotated = new LinkedHashSet<>();
    Set<Class<? extends Endpoint>> endpoints = new LinkedHashSet<>();
    Set<Class<? extends ServerApplicationConfig>> configs = new LinkedHashSet<>();
    for (Index archive : index.archives()) {
      for (AnnotationInstance use : archive.getAnnotations(ServerEndpoint.class)) {
        if (use.target().kind() == AnnotationTarget.Kind.CLASS) {
          add(use.target().asClass(), Object.class, loader, annotated);
        }
      }
      for (ClassInfo each : archive.getAllKnownSubclasses(Endpoint.class)) {
        add(each, Endpoint.class, loader, endpoints);
      }
      for (ClassInfo each : archive.getAllKnownImplementations(ServerApplicationConfig.class)) {
        add(each, ServerApplicationConfig.class, loader, configs);
      }
    }
    var sockets = new WebSocketDeploymentInfo();
    sockets
        .setBuffers(new DefaultByteBufferPool(true, BUFFER_BYTES))
        .setDispatchToWorkerThread(true);
    if (configs.isEmpty()) {
      sockets.addAnnotatedEndpoints(annotated);
    }
    for (Class<? extends ServerApplicationConfig> type : configs) {
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      ServerApplicationConfig config = constructor.newInstance();
      Set<ServerEndpointConfig> wanted = config.getEndpointConfigs(Set.copyOf(endpoints));
      if (wanted != null) {
        sockets.addProgramaticEndpoints(wanted);
      }
      Set<Class<?>> chosen = config.getAnnotatedEndpointClasses(Set.copyOf(annotated));
      if (chosen != null) {
        sockets.addAnnotatedEndpoints(chosen);
      }
    }
    info.addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, sockets);
    info.addServletExtension(new Bootstrap());
  }

  /** Sends the clients of all open sockets elsewhere. */
  static void leave(ServletContext context, Departure departure) {
    if (context.getAttribute(ServerContainer.class.getName())
        instanceof ServerWebSocketContainer container) {
      for (ConfiguredServerEndpoint endpoint : container.getConfiguredServerEndpoints()) {
        endpoint.getOpenSessions().forEach(session -> departure.end(() -> leave(session)));
      }
    }
  }

  private static void leave(Session session) {
    try {
      session.close(new CloseReason(CloseReason.CloseCodes.GOING_AWAY, "the worker leaves"));
    } catch (IOException e) {
      log.debug("{} was gone before", session.getId(), e);
    }
  }

  private static <T> void add(
      ClassInfo found, Class<T> as, ClassLoader loader, Set<? super Class<? extends T>> into) {
    if (Modifier.isAbstract(found.flags())) {
      return;
    }
    try {
      into.add(loader.loadClass(found.name().toString()).asSubclass(as));
    } catch (ClassNotFoundException | LinkageError e) {
      log.debug("{} is passed over: it cannot be loaded", found.name(), e);
    }
  }
}
