package dev.tidepool.system;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A relay that counts the requests which clients have really sent. Clients speak HTTP/2 without TLS
 * to it; it speaks with the server as it is told.
 */
final class FrameCounter implements AutoCloseable {
  private static final int PREFACE_BYTES = 24;
  private static final int HEADER_BYTES = 9;

  private final InetSocketAddress server;
  private final @Nullable SSLContext tls;
  private final ServerSocket listening;
  private final AtomicInteger requests = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** {@code tls} for a server that chooses HTTP/2 by ALPN, null for none. */
  FrameCounter(InetSocketAddress server, @Nullable SSLContext tls) throws IOException {
    this.server = server;
    this.tls = tls;
    listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  int requests() {
    return requests.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket upstream = connect();
        threads.execute(() -> relay(client, upstream));
        threads.execute(() -> answer(upstream, client));
      }
    } catch (IOException e) {
      threads.shutdown(); // closed
    }
  }

  private Socket connect() throws IOException {
    if (tls == null) {
      return new Socket(server.getAddress(), server.getPort());
    }
    var socket =
        (SSLSocket) tls.getSocketFactory().createSocket(server.getAddress(), server.getPort());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    return socket;
  }

  private void relay(Socket client, Socket upstream) {
    try (upstream) {
      var in = new DataInputStream(new BufferedInputStream(client.getInputStream()));
      OutputStream out = upstream.getOutputStream();
      out.write(in.readNBytes(PREFACE_BYTES));
      while (true) {
        byte[] frame = new byte[HEADER_BYTES];
        in.readFully(frame);
        if (frame[3] == Http2Client.HEADERS) {
          requests.incrementAndGet();
        }
        int length = (frame[0] & 0xff) << 16 | (frame[1] & 0xff) << 8 | (frame[2] & 0xff);
        out.write(frame);
        out.write(in.readNBytes(length));
      }
    } catch (IOException e) {
      return; // one of both has closed
    }
  }

  private static void answer(Socket upstream, Socket client) {
    try (client;
        InputStream in = upstream.getInputStream()) {
      in.transferTo(client.getOutputStream());
    } catch (IOException e) {
      return; // one of both has closed
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
