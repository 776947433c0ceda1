package dev.tidepool.session;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A client with one cookie that it takes to every worker. */
final class Browser {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();

  @Nullable String cookie;

  static Browser with(String cookie) {
    Browser browser = new Browser();
    browser.cookie = cookie;
    return browser;
  }

  HttpResponse<String> get(int port, String path) {
    return send("GET", port, path);
  }

  HttpResponse<String> send(String method, int port, String path) {
    try {
      HttpResponse<String> response =
          CLIENT.send(request(method, port, path), HttpResponse.BodyHandlers.ofString());
      take(response);
      return response;
    } catch (IOException e) {
      throw new AssertionError(path + ": " + e, e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  String body(int port, String path) {
    return get(port, path).body();
  }

  CompletableFuture<HttpResponse<String>> start(int port, String path) {
    return CLIENT.sendAsync(request("GET", port, path), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String method, int port, String path) {
    var builder =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(30));
    if (cookie != null) {
      builder.header("Cookie", "JSESSIONID=" + cookie);
    }
    return builder.build();
  }

  private void take(HttpResponse<String> response) {
    response
        .headers()
        .firstValue("Set-Cookie")
        .ifPresent(set -> cookie = set.substring(set.indexOf('=') + 1).split(";", 2)[0]);
  }
}
