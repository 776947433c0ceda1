package dev.tidepool.system;

import static java.net.http.HttpRequest.BodyPublishers.ofString;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * Posts by Java's own client until a file appears, then says what was lost; a program of its own,
 * for another Java than that of the tests. Arguments: a certificate, the file, URLs. The version
 * asked for is HTTP/2, which this client begins with an upgrade where there is no TLS.
 */
final class Http2Load {
  private static final int CLIENTS = 2;
  private static final int THREADS_EACH = 2;
  private static final int PAUSE_MILLIS = 20;
  private static final String BODY = "tidepool".repeat(400);

  private final URI url;
  private final SSLContext tls;
  private final Path stop;
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch first = new CountDownLatch(CLIENTS * THREADS_EACH);

  private Http2Load(URI url, SSLContext tls, Path stop) {
    this.url = url;
    this.tls = tls;
    this.stop = stop;
  }

  public static void main(String... arguments) throws InterruptedException {
    SSLContext tls = TestCertificates.trusting(Path.of(arguments[0]));
    Path stop = Path.of(arguments[1]);
    List<Http2Load> loads =
        Arrays.stream(arguments).skip(2).map(u -> new Http2Load(URI.create(u), tls, stop)).toList();
    for (Http2Load load : loads) {
      load.start();
    }
    for (Http2Load load : loads) {
      load.first.await();
    }
    System.out.println("all begun");
    for (Http2Load load : loads) {
      load.awaitEnd();
    }
  }

  private void start() {
    for (int i = 0; i < CLIENTS; i++) {
      HttpClient client =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(tls).build();
      for (int j = 0; j < THREADS_EACH; j++) {
        threads.add(new Thread(() -> run(client)));
      }
    }
    threads.forEach(Thread::start);
  }

  private void awaitEnd() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println(url.getScheme() + ": " + answers + " answers, lost " + lost);
  }

  private void run(HttpClient client) {
    post(client, true);
    first.countDown();
    while (!Files.exists(stop)) {
      post(client, false);
    }
  }

  private void post(HttpClient client, boolean telling) {
    try {
      HttpRequest request = HttpRequest.newBuilder(url).POST(ofString(BODY)).build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200 || !answer.body().equals(BODY)) {
        throw new IOException("status " + answer.statusCode());
      }
      answers.incrementAndGet();
      if (telling) {
        System.out.println(url.getScheme() + ": " + answer.version());
      }
      Thread.sleep(PAUSE_MILLIS);
    } catch (IOException | InterruptedException e) {
      lost.incrementAndGet();
      System.out.println(url.getScheme() + ": " + e);
    }
  }
}
