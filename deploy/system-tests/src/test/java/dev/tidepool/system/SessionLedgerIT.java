package dev.tidepool.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.posix.Signal;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients keep books of what was acknowledged, while workers are replaced and killed. */
@Timeout(600)
final class SessionLedgerIT {
  private static final int SESSIONS = 4;
  private static final int CLIENTS_OF_EACH = 2;
  private static final int ROUNDS = 3;

  @RegisterExtension
  final TidepoolServer server =
      TidepoolServer.withConfig(
          "workers { count = 3, spares = 1, restart-delay = 10 ms }",
          "sessions.lock = \"per-request\"");

  /** A session, and what its clients know of it. */
  private static final class Account {
    final AtomicInteger tried = new AtomicInteger();
    final AtomicInteger acknowledged = new AtomicInteger();
    final AtomicInteger highest = new AtomicInteger();
  }

  /** One client: half of the time on one connection, half with a new one for each request. */
  private static final class Client extends Thread {
    private final Account account;
    private final Visitor visitor;
    private final SocketAddress address;
    private final boolean keeps;
    volatile boolean stopped;
    volatile @org.jspecify.annotations.Nullable AssertionError failure;

    Client(Account account, Visitor visitor, SocketAddress address, boolean keeps) {
      this.account = account;
      this.visitor = visitor;
      this.address = address;
      this.keeps = keeps;
    }

    @Override
    public void run() {
      while (!stopped) {
        try (var connection = HttpConnection.open(address)) {
          do {
            account.tried.incrementAndGet();
            int count = visitor.add(connection, "").count();
            account.acknowledged.incrementAndGet();
            account.highest.accumulateAndGet(count, Math::max);
          } while (keeps && !stopped && !connection.isToldToClose());
        } catch (RequestFailedException e) {
          if (e.failure() == Failure.WRONG_STATUS) {
            failure = new AssertionError(e.getMessage(), e);
            return;
          } // else the worker was killed under it: perhaps it counted, and nobody was told
        } catch (IOException e) {
          failure = new AssertionError(e.getMessage(), e);
          return;
        }
      }
    }
  }

  @Test
  void noAcknowledgedIncrementIsEverLost() throws Exception {
    SocketAddress address = server.address();
    List<Account> accounts = new ArrayList<>();
    List<Visitor> visitors = new ArrayList<>();
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      var account = new Account();
      var visitor = new Visitor();
      account.tried.incrementAndGet();
      account.highest.set(visitor.add(address).count());
      account.acknowledged.incrementAndGet();
      accounts.add(account);
      visitors.add(visitor);
      for (int client = 0; client < CLIENTS_OF_EACH; client++) {
        clients.add(new Client(account, visitor.sameSession(), address, client % 2 == 0));
      }
    }
    clients.forEach(Client::start);
    try {
      for (int round = 0; round < ROUNDS; round++) {
        awaitProgress(accounts);
        server.signal(server.pids().get(round % 3), Signal.KILL);
        awaitProgress(accounts);
        server.awaitServing(3);
        assertThat(server.reload().exitCode()).isZero();
      }
      awaitProgress(accounts);
    } finally {
      clients.forEach(client -> client.stopped = true);
      for (Client client : clients) {
        client.join();
      }
    }
    assertThat(clients).extracting(client -> client.failure).containsOnlyNulls();
    for (int i = 0; i < SESSIONS; i++) {
      Account account = accounts.get(i);
      int stored = visitors.get(i).look(address).count();
      System.out.printf(
          "session %d: %d tried, %d acknowledged, %d stored%n",
          i, account.tried.get(), account.acknowledged.get(), stored);
      assertThat(stored)
          .isBetween(account.acknowledged.get(), account.tried.get())
          .isGreaterThanOrEqualTo(account.highest.get());
    }
  }

  private static void awaitProgress(List<Account> accounts) {
    for (Account account : accounts) {
      int before = account.acknowledged.get();
      Eventually.eventually(
          TidepoolServer.START_LIMIT,
          () -> assertThat(account.acknowledged.get()).isGreaterThan(before + 20));
    }
  }
}
