package dev.tidepool.worker;

import dev.tidepool.conf.ProxySettings;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;

/**
 * Believes the proxies in front what they say of their clients, and nobody else: from others these
 * headers are removed, since apps and frameworks read them, too.
 */
final class ForwardedHeaders {
  private static final HttpString[] X_FORWARDED = {
    Headers.X_FORWARDED_FOR,
    Headers.X_FORWARDED_PROTO,
    Headers.X_FORWARDED_HOST,
    Headers.X_FORWARDED_PORT
  };
  private static final HttpString[] FORWARDED = {Headers.FORWARDED};

  private final ProxySettings settings;

  ForwardedHeaders(ProxySettings settings) {
    this.settings = settings;
  }

  void apply(HttpServerExchange exchange, TrackedConnection connection) {
    HeaderMap headers = exchange.getRequestHeaders();
    boolean trusted = connection.clientIsOneOf(settings.trusted());
    boolean old = settings.header() == ProxySettings.Header.X_FORWARDED;
    if (!trusted || !old) {
      remove(headers, X_FORWARDED);
    }
    if (!trusted || old) {
      remove(headers, FORWARDED);
    }
    if (!trusted) {
      return;
    }
    ForwardedClient client =
        old
            ? ForwardedClient.ofXForwarded(headers, settings.trusted())
            : ForwardedClient.ofForwarded(headers, settings.trusted());
    if (client.address() != null) {
      exchange.setSourceAddress(client.address());
    }
    if (client.scheme() != null) {
      exchange.setRequestScheme(client.scheme());
    }
    if (client.host() != null) {
      headers.put(Headers.HOST, client.host());
    }
  }

  private static void remove(HeaderMap headers, HttpString[] names) {
    for (HttpString name : names) {
      headers.remove(name);
    }
  }
}
