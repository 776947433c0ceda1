package dev.tidepool.master;

import dev.tidepool.conf.ListenSettings;
import org.jspecify.annotations.Nullable;

/** The servers of the master's own: its pages, and the agent that HAProxy asks. */
final class MasterServers implements AutoCloseable {
  private final MovableServer admin;
  private final MovableServer agent;

  MasterServers(AdminPages.Source source) {
    admin = new MovableServer("listen.admin", new AdminPages(source));
    agent = new MovableServer("listen.agent", new Agent(source));
  }

  /**
   * Opens the first addresses.
   *
   * @throws StartFailure one line: which address, and why not
   */
  void open(ListenSettings settings) throws StartFailure {
    admin.open(settings.admin());
    agent.open(settings.agent());
  }

  /** Moves to these addresses after a reload. */
  void listen(ListenSettings settings) {
    admin.listen(settings.admin());
    agent.listen(settings.agent());
  }

  /** With its port, or null if there is none. */
  @Nullable String adminAddress() {
    return admin.address();
  }

  /** With its port, or null if there is none. */
  @Nullable String agentAddress() {
    return agent.address();
  }

  @Override
  public void close() {
    admin.close();
    agent.close();
  }
}
