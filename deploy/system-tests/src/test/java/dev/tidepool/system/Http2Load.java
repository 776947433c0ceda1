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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * Posts over HTTP/2 until a file appears, then says what was lost; a program of its own, for
 * another Java than that of the tests. Arguments: URL, its certificate, the file.
 */
final class Http2Load {
  private static final int CLIENTS = 3;
  private static final int THREADS_EACH = 3;
  private static final String BODY = "tidepool".repeat(400);

  private Http2Load() {}

  public static void main(String... arguments) throws Exception {
    var url = URI.create(arguments[0]);
    SSLContext tls = TestCertificates.trusting(Path.of(arguments[1]));
    Path stop = Path.of(arguments[2]);
    var answers = new AtomicInteger();
    var lost = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      HttpClient client =
          HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(tls).build();
      for (int j = 0; j < THREADS_EACH; j++) {
        var thread =
            new Thread(
                () -> {
                  while (!Files.exists(stop)) {
                    post(client, url, answers, lost);
                  }
                });
        thread.start();
        threads.add(thread);
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println(answers + " answers, lost " + lost);
  }

  private static void post(HttpClient client, URI url, AtomicInteger answers, AtomicInteger lost) {
    try {
      HttpRequest request = HttpRequest.newBuilder(url).POST(ofString(BODY)).build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200 || !answer.body().equals(BODY)) {
        throw new IOException("status " + answer.statusCode());
      }
      if (answers.incrementAndGet() == 20) {
        System.out.println("first answers over " + answer.version());
      }
      Thread.sleep(5);
    } catch (IOException | InterruptedException e) {
      lost.incrementAndGet();
      System.out.println(e);
    }
  }
}
