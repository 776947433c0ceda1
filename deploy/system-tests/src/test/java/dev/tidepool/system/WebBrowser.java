package dev.tidepool.system;

import java.io.IOException;
import java.net.CookieManager;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Keeps cookies and follows redirects, and takes a new connection for each page. */
final class WebBrowser {
  private final InetSocketAddress address;
  private final CookieManager cookies = new CookieManager();

  WebBrowser(InetSocketAddress address) {
    this.address = address;
  }

  HttpResponse<String> get(String path, String... headers) {
    HttpRequest.Builder request = request(path);
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  HttpResponse<String> post(String path, String type, String body) {
    return send(
        request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Sends a file as a form does; what is answered. */
  String upload(String path, String name, String content) {
    String part =
        String.join(
            "\r\n",
            "--b",
            "Content-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"",
            "",
            content,
            "--b--",
            "");
    return post(path, "multipart/form-data; boundary=b", part).body();
  }

  String page(String path) {
    return get(path).body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path))
        .header("Accept", "text/html")
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client().send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A new one has no connection yet. */
  HttpClient client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NORMAL)
        .cookieHandler(cookies)
        .build();
  }
}
