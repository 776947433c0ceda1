package dev.tidepool.control;

import java.util.List;

/** What the master tells a worker. */
public sealed interface MasterMessage extends Message {
  void deliverTo(Handler handler);

  /**
   * Answer to HELLO: who the worker is and all it needs. {@code settings} is the effective
   * configuration of its generation as JSON; {@code apps}, as the settings list them, and {@code
   * certificates} are the generation's own copies, the latter a directory with {@code 0.crt},
   * {@code 0.key}, and so on in the order of {@code ListenSettings.certificates()}.
   */
  record Welcome(
      int record,
      int slot,
      int generation,
      String settings,
      List<String> apps,
      String certificates,
      String scoreboard)
      implements MasterMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onWelcome(this);
    }
  }

  /**
   * A listening socket (one descriptor attached) to accept on once told to serve. {@code address}
   * is what it is bound to, {@code listener} its place in the listeners of the settings, which say
   * what is spoken there.
   */
  record Listen(String address, int listener) implements MasterMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onListen(this);
    }
  }

  /**
   * The mailbox of a scoreboard record: two descriptors attached, the end to send to and the end to
   * read from.
   */
  record Mailbox(int record) implements MasterMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onMailbox(this);
    }
  }

  /** Take this slot and accept. */
  record Serve(int slot) implements MasterMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onServe(this);
    }
  }

  /** Stop accepting, finish what runs, say DRAINED, end. */
  record Drain(String reason) implements MasterMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onDrain(this);
    }
  }

  /** End now: stop accepting, cut connections, stop the app, end. */
  record Stop(String reason) implements MasterMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onStop(this);
    }
  }

  /** Write log lines to another file from now on: one descriptor attached, open for appending. */
  record ReopenLogs() implements MasterMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onReopenLogs(this);
    }
  }

  /**
   * The worker of this record is dead: take over what lies in its mailbox and look at the listening
   * sockets once.
   */
  record SiblingGone(int record) implements MasterMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onSiblingGone(this);
    }
  }

  /**
   * Answer a question of an operator about the session store, with {@link
   * WorkerMessage.SessionsAnswer}. {@code id} names a session, or is empty.
   */
  record AskSessions(int number, SessionQuestion question, String id) implements MasterMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onAskSessions(this);
    }
  }

  /** Answer requests of this {@link RequestTemplate} with 503 for so long. */
  record Refuse(String template, long nanos) implements MasterMessage {
    @Override
    public void deliverTo(Handler handler) {
      handler.onRefuse(this);
    }
  }

  /** Takes each kind of message. */
  interface Handler {
    void onWelcome(Welcome message);

    void onListen(Listen message);

    void onMailbox(Mailbox message);

    void onServe(Serve message);

    void onDrain(Drain message);

    void onStop(Stop message);

    void onReopenLogs(ReopenLogs message);

    void onSiblingGone(SiblingGone message);

    void onAskSessions(AskSessions message);

    void onRefuse(Refuse message);
  }
}
