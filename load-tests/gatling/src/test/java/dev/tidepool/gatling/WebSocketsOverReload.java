package dev.tidepool.gatling;

import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.http.HttpDsl.ws;

import io.gatling.javaapi.core.ChainBuilder;

/**
 * WebSockets over a reload. Users talk on theirs, and connect again when it was closed; what is on
 * its way just then may be left without an answer, once for each. Others only hold one: see {@link
 * HeldSockets}.
 */
public final class WebSocketsOverReload extends DisturbedLoad {
  private static final int ANSWER_SECONDS = 10;

  public WebSocketsOverReload() {
    super(
        Target.at(Target.ADDRESS).wsBaseUrl(Target.webSockets()).wsMaxReconnects(1),
        WebSocketsOverReload::reload,
        talk(),
        Target.slow());
  }

  private static int reload() throws Exception {
    HeldSockets.overReload(Target.KEEPERS);
    return Target.KEEPERS;
  }

  private static ChainBuilder talk() {
    var connectOnce =
        doIf(session -> !session.contains("said")).then(ws("connect").connect("/ws/echo"));
    var answer =
        ws.checkTextMessage("answer").check(bodyString().is(session -> session.getString("said")));
    return connectOnce
        .exec(session -> session.set("said", session.userId() + " at " + System.nanoTime()))
        .exec(ws("say").sendText("#{said}").await(ANSWER_SECONDS).on(answer));
  }
}
