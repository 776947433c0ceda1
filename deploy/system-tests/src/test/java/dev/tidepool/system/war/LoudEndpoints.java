package dev.tidepool.system.war;

import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Locale;
import java.util.Set;

/** Adds an endpoint that no annotation declares to those that one does. */
public final class LoudEndpoints implements ServerApplicationConfig {

  @Override
  public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> found) {
    return Set.of(ServerEndpointConfig.Builder.create(Loud.class, "/loud").build());
  }

  @Override
  public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> found) {
    return found;
  }

  /** Sends back what it gets, in capitals. */
  public static final class Loud extends Endpoint {
    @Override
    public void onOpen(Session session, EndpointConfig config) {
      session.addMessageHandler(
          String.class,
          (MessageHandler.Whole<String>)
              text -> session.getAsyncRemote().sendText(text.toUpperCase(Locale.ROOT), sent -> {}));
    }
  }
}
