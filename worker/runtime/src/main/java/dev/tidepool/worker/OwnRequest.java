package dev.tidepool.worker;

import dev.tidepool.conf.AppSettings;
import java.util.List;

/** What a worker asks of one of its apps. */
record OwnRequest(String host, String path) {
  private static final String ANY_HOST = "localhost";

  /** Each path of each app, in turn; paths are below the app's context. */
  static List<OwnRequest> all(List<AppSettings> apps, List<String> paths) {
    return paths.stream()
        .flatMap(path -> apps.stream().map(app -> new OwnRequest(host(app), target(app, path))))
        .toList();
  }

  private static String host(AppSettings app) {
    return app.hosts().isEmpty() ? ANY_HOST : app.hosts().get(0).replace("*", "self");
  }

  private static String target(AppSettings app, String path) {
    return app.context().equals("/") ? path : app.context() + path;
  }

  @Override
  public String toString() {
    return "GET " + path + (host.equals(ANY_HOST) ? "" : " of " + host);
  }
}
