package dev.tidepool.system;

import static dev.tidepool.system.Eventually.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that never read, or send byte by byte, many more than there are threads. */
@Timeout(120)
final class SlowClientsIT {
  private static final int CLIENTS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension
  static final TidepoolServer server =
      TidepoolServer.withConfig(
              "workers { count = 1, task-threads = 2, waiting-threads = 30 }",
              "limits { min-rate-window = 2 s, body-buffer = 32 KiB }")
          .notStarted();

  private static InetSocketAddress address;
  private final List<Socket> clients = new ArrayList<>();

  @BeforeAll
  static void start() {
    server.replaceApp(Jars.of(BulkApp.class));
    server.start();
    address = server.address();
  }

  @AfterEach
  void hangUp() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
  }

  @Test
  void whoNeverReadsKeepsNobodyWaiting() throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      open("GET /bulk HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    othersAreServed();
    awaitAllCut();
  }

  @Test
  void whoSendsSlowlyKeepsNobodyWaiting() throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      open("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
    }
    for (int round = 0; round < 10; round++) {
      for (Socket client : clients) {
        client.getOutputStream().write('x');
      }
      othersAreServed();
    }
    awaitAllCut();
  }

  @Test
  void whoStopsBehindWhatIsBufferedKeepsNobodyWaiting() throws IOException {
    for (int i = 0; i < CLIENTS; i++) {
      open("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(50_000));
    }
    othersAreServed();
    awaitAllCut();
  }

  @Test
  void whoNeverEndsItsHeaderIsCut() throws IOException {
    open("GET /hello HTTP/1.1\r\nHost: a\r\nX: ");
    awaitAllCut();
  }

  /** Slow is not too slow: this one sends a little more than it must. */
  @Test
  void whoSendsSteadilyIsServed() throws IOException {
    Socket client = open("POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\n\r\n");
    for (int i = 0; i < 8; i++) {
      client.getOutputStream().write(new byte[5_000]);
      assertThat(server.get("/hello").status()).isEqualTo(200);
    }
    byte[] answer = client.getInputStream().readNBytes(15);
    assertThat(new String(answer, ISO_8859_1)).isEqualTo("HTTP/1.1 200 OK");
  }

  private Socket open(String request) throws IOException {
    var socket = new Socket();
    clients.add(socket);
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(100);
    socket.connect(address);
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    return socket;
  }

  private static void othersAreServed() {
    for (int i = 0; i < 5; i++) {
      assertThat(server.get("/hello").status()).isEqualTo(200);
    }
  }

  /** The server has closed them all, with or without an answer. */
  private void awaitAllCut() {
    eventually(
        PATIENCE,
        () -> {
          clients.removeIf(SlowClientsIT::isCut);
          assertThat(clients).isEmpty();
        });
  }

  private static boolean isCut(Socket client) {
    try {
      // Reading would take what is owed, so write; the second write finds the connection reset.
      client.getOutputStream().write('x');
      return false;
    } catch (SocketException e) {
      return true;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
