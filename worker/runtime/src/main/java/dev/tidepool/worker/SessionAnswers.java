package dev.tidepool.worker;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.tidepool.control.MasterMessage;
import dev.tidepool.control.WorkerMessage;
import dev.tidepool.session.SessionAdmin;
import dev.tidepool.session.StoreException;
import dev.tidepool.session.StoreStatistics;
import dev.tidepool.session.StoreVerifier;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Answers what operators ask of the session store; exit code 0 comes with JSON. */
final class SessionAnswers {
  private static final int DONE = 0;
  private static final int REFUSED = 1;

  private final SessionAdmin admin;
  private final List<String> apps;

  /** Of these apps, by their names; a client may carry one id through several. */
  SessionAnswers(SessionAdmin admin, List<String> apps) {
    this.admin = admin;
    this.apps = apps;
  }

  /** On a thread of its own, since a look at the whole store takes a while. */
  void answer(MasterMessage.AskSessions asked, Consumer<WorkerMessage> send) {
    var thread = new Thread(() -> send.accept(answer(asked)), "sessions-answer");
    thread.setDaemon(true);
    thread.start();
  }

  private WorkerMessage answer(MasterMessage.AskSessions asked) {
    try {
      return answerOf(asked);
    } catch (StoreException e) {
      return new WorkerMessage.SessionsAnswer(
          asked.number(), REFUSED, asked.question() + " failed: " + e.getMessage());
    }
  }

  private WorkerMessage answerOf(MasterMessage.AskSessions asked) {
    return switch (asked.question()) {
      case STATISTICS -> json(asked, statistics(admin.statistics()));
      case VERIFY -> json(asked, verdict(admin.verify()));
      case SHOW -> {
        List<Map<String, Object>> sessions =
            apps.stream()
                .flatMap(app -> admin.show(app, asked.id()).stream())
                .map(SessionAnswers::session)
                .toList();
        yield sessions.isEmpty() ? noSuchSession(asked) : json(asked, Map.of("sessions", sessions));
      }
      case DROP ->
          apps.stream().filter(app -> admin.drop(app, asked.id())).count() > 0
              ? json(asked, Map.of("dropped", true))
              : noSuchSession(asked);
    };
  }

  private static WorkerMessage noSuchSession(MasterMessage.AskSessions asked) {
    return new WorkerMessage.SessionsAnswer(
        asked.number(), REFUSED, "no session " + asked.id() + "; has it ended?");
  }

  private static WorkerMessage json(MasterMessage.AskSessions asked, Map<String, ?> answer) {
    String text = ConfigValueFactory.fromMap(answer).render(ConfigRenderOptions.concise());
    return new WorkerMessage.SessionsAnswer(asked.number(), DONE, text);
  }

  private static Map<String, Object> statistics(StoreStatistics store) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("sessions", store.sessions());
    map.put("bytes", store.bytes());
    map.put("capacity", store.capacity());
    map.put("maximumBytes", store.maximumBytes());
    map.put("segments", store.segments());
    map.put("hits", store.hits());
    map.put("misses", store.misses());
    map.put("recoveries", store.recoveries());
    map.put("takeovers", store.takeovers());
    map.put("lockWaits", store.lockWaits());
    map.put("refused", store.refused());
    map.put("expired", store.expired());
    map.put("evicted", store.evicted());
    map.put("undecodable", store.undecodable());
    return map;
  }

  private static Map<String, Object> verdict(StoreVerifier.Verdict verdict) {
    return Map.of(
        "sessions", verdict.sessions(),
        "bytes", verdict.bytes(),
        "segments", verdict.segments(),
        "problems", verdict.problems());
  }

  private static Map<String, Object> session(SessionAdmin.Shown session) {
    List<Map<String, Object>> attributes =
        session.attributes().stream()
            .map(a -> Map.<String, Object>of("name", a.name(), "bytes", a.bytes()))
            .toList();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("app", session.app());
    map.put("id", session.id());
    map.put("bytes", session.bytes());
    map.put("version", session.version());
    map.put("created", session.created().toString());
    map.put("accessed", session.accessed().toString());
    map.put(
        "expires", session.expires().equals(Instant.MAX) ? "never" : session.expires().toString());
    map.put("attributes", attributes);
    return map;
  }
}
