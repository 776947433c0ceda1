package dev.tidepool.worker;

import dev.tidepool.conf.TrustedPeers;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What trusted proxies say of the client of a request: the rightmost address that is not one of
 * them, for each proxy appends whom it has seen. What stands to the left of it anybody may have
 * written.
 *
 * @param address port 0 if it is not known; null if nothing could be believed
 * @param scheme {@code http} or {@code https}, or null
 * @param host with its port if that is not the scheme's own, or null
 */
record ForwardedClient(
    @Nullable InetSocketAddress address, @Nullable String scheme, @Nullable String host) {
  private static final Pattern NODE =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([0-9.]+))(?::(\\d{1,5}))?|([0-9A-Fa-f:.]+)");
  private static final Pattern HOST =
      Pattern.compile("((?:[\\w.-]+|\\[[0-9A-Fa-f:.]+]))(?::\\d{1,5})?");
  private static final Pattern PAIR =
      Pattern.compile("\\s*([\\w-]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s\";,]*))\\s*");

  /** Of {@code X-Forwarded-For, -Proto, -Host, -Port}. */
  static ForwardedClient ofXForwarded(HeaderMap headers, TrustedPeers proxies) {
    List<String> nodes = items(headers, Headers.X_FORWARDED_FOR);
    int chosen = nodes.size();
    InetSocketAddress client = null;
    while (chosen > 0) {
      InetSocketAddress address = address(nodes.get(chosen - 1));
      if (address == null) {
        break;
      }
      client = address;
      chosen--;
      if (!proxies.contains(address.getAddress())) {
        break;
      }
    }
    String scheme = scheme(pick(items(headers, Headers.X_FORWARDED_PROTO), chosen, nodes.size()));
    String host = pick(items(headers, Headers.X_FORWARDED_HOST), chosen, nodes.size());
    String port = pick(items(headers, Headers.X_FORWARDED_PORT), chosen, nodes.size());
    if (host == null && port != null) {
      host = headers.getFirst(Headers.HOST);
    }
    return new ForwardedClient(client, scheme, host(host, port, scheme));
  }

  /** Of {@code Forwarded} (RFC 7239). */
  static ForwardedClient ofForwarded(HeaderMap headers, TrustedPeers proxies) {
    List<String> elements = items(headers, Headers.FORWARDED);
    ForwardedClient client = new ForwardedClient(null, null, null);
    for (int i = elements.size() - 1; i >= 0; i--) {
      InetSocketAddress address = address(parameter(elements.get(i), "for"));
      if (address == null) {
        break;
      }
      String scheme = scheme(parameter(elements.get(i), "proto"));
      String host = host(parameter(elements.get(i), "host"), null, scheme);
      client = new ForwardedClient(address, scheme, host);
      if (!proxies.contains(address.getAddress())) {
        break;
      }
    }
    return client;
  }

  /** One value for each address if there are as many, else the last one. */
  private static @Nullable String pick(List<String> values, int chosen, int nodes) {
    if (values.isEmpty()) {
      return null;
    }
    boolean parallel = values.size() == nodes && chosen < nodes;
    return values.get(parallel ? chosen : values.size() - 1);
  }

  /** The elements of all headers of a name, without those commas that are in quotes. */
  private static List<String> items(HeaderMap headers, HttpString name) {
    List<String> items = new ArrayList<>();
    HeaderValues lines = headers.get(name);
    if (lines != null) {
      for (String line : lines) {
        for (String item : line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)) {
          items.add(item.strip());
        }
      }
    }
    return items;
  }

  private static @Nullable String parameter(String element, String name) {
    Matcher pair = PAIR.matcher(element);
    while (pair.find()) {
      if (pair.group(1).equalsIgnoreCase(name)) {
        return pair.group(2) != null ? pair.group(2).replaceAll("\\\\(.)", "$1") : pair.group(3);
      }
    }
    return null;
  }

  private static @Nullable InetSocketAddress address(@Nullable String node) {
    Matcher matcher = NODE.matcher(node == null ? "" : node);
    if (!matcher.matches()) {
      return null; // unknown, hidden, or nonsense
    }
    String host =
        Objects.requireNonNullElseGet(
            matcher.group(1), () -> Objects.requireNonNullElse(matcher.group(2), matcher.group(4)));
    String port = Objects.requireNonNullElse(matcher.group(3), "0");
    int number = Integer.parseInt(port);
    return TrustedPeers.address(host)
        .filter(address -> number <= 65_535)
        .map(address -> new InetSocketAddress(address, number))
        .orElse(null);
  }

  private static @Nullable String scheme(@Nullable String text) {
    String scheme = text == null ? "" : text.toLowerCase(Locale.ROOT);
    return scheme.equals("http") || scheme.equals("https") ? scheme : null;
  }

  private static @Nullable String host(
      @Nullable String text, @Nullable String port, @Nullable String scheme) {
    Matcher host = HOST.matcher(text == null ? "" : text);
    if (!host.matches()) {
      return null;
    }
    if (port == null || !port.matches("\\d{1,5}")) {
      return host.group();
    }
    boolean usual = port.equals("https".equals(scheme) ? "443" : "80");
    return usual ? host.group(1) : host.group(1) + ":" + port;
  }
}
