package dev.tidepool.system.war;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** Sends back what it gets. */
@ServerEndpoint("/echo")
public final class EchoEndpoint {

  @OnMessage
  public String echo(String message) {
    return "echo " + message;
  }
}
