package dev.tidepool.conf;

import com.typesafe.config.Config;

/** Proxies in front, and how they tell who their client is. */
public record ProxySettings(TrustedPeers trusted, Header header) {

  /** Headers in which proxies tell it. */
  public enum Header {
    X_FORWARDED,
    FORWARDED
  }

  static ProxySettings from(Config root, Problems problems) {
    var in = new Section(root, "proxies", problems);
    return new ProxySettings(TrustedPeers.of(in, "trusted"), in.choice("header", Header.class));
  }
}
