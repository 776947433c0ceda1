package dev.tidepool.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An address, and what is spoken there.
 *
 * @param h2c whether clients without TLS may begin with HTTP/2 at once ("prior knowledge")
 * @param proxyProtocol whether connections from {@code trusted} begin with a PROXY header
 * @param certificates not empty with {@code tls}; the first one answers names that none is for
 * @param authorities PEM file of those whose client certificates are trusted; there unless {@code
 *     clientCertificates} is off
 */
public record ListenerSettings(
    ListenAddress address,
    boolean tls,
    boolean h2c,
    boolean proxyProtocol,
    TrustedPeers trusted,
    List<CertificateFiles> certificates,
    ClientCertificates clientCertificates,
    Optional<Path> authorities) {

  private static final Config DEFAULTS =
      ConfigFactory.parseString(
          "address = \"\", h2c = false, proxy-protocol = false, trusted = [], certificates = [],"
              + " client-certificates = off, authorities = \"\"");

  /** Only HTTP/1.1. */
  public static ListenerSettings plain(ListenAddress address) {
    return listener(address, false, List.of());
  }

  /**
   * Reads {@code listen.http}, or {@code listen.https} with {@code tls}.
   *
   * @param shared certificates of listeners that name none
   */
  static List<ListenerSettings> list(
      Section in, String key, boolean tls, List<CertificateFiles> shared) {
    var listeners = new ArrayList<ListenerSettings>();
    for (Section.Item item : in.items(key)) {
      ConfigValue value = item.value();
      if (value instanceof ConfigObject object) {
        one(in.of(item.key(), object, DEFAULTS), tls, shared).ifPresent(listeners::add);
      } else if (value.valueType() == ConfigValueType.LIST) {
        in.problem(key, "expected an address or a section { address = …, … } in the list");
      } else {
        parse(in, key, String.valueOf(value.unwrapped()))
            .map(address -> listener(address, tls, shared))
            .ifPresent(listeners::add);
      }
    }
    if (tls) {
      boolean complete = listeners.stream().noneMatch(l -> l.certificates.isEmpty());
      in.require(complete, key, "expected tls.certificates, or certificates of the listener");
    }
    return List.copyOf(listeners);
  }

  private static ListenerSettings listener(
      ListenAddress address, boolean tls, List<CertificateFiles> shared) {
    return new ListenerSettings(
        address,
        tls,
        false,
        false,
        TrustedPeers.NONE,
        tls ? shared : List.of(),
        ClientCertificates.OFF,
        Optional.empty());
  }

  private static Optional<ListenerSettings> one(
      Section in, boolean tls, List<CertificateFiles> shared) {
    in.onlyKnown();
    Optional<ListenAddress> address = parse(in, "address", in.text("address"));
    boolean h2c = in.flag("h2c");
    boolean proxyProtocol = in.flag("proxy-protocol");
    TrustedPeers trusted = TrustedPeers.of(in, "trusted");
    List<CertificateFiles> own = CertificateFiles.list(in, "certificates");
    in.require(!(tls && h2c), "h2c", "expected false: HTTP/2 over TLS needs no setting");
    in.require(tls || own.isEmpty(), "certificates", "expected them below listen.https only");
    ClientCertificates asked = in.choice("client-certificates", ClientCertificates.class);
    Optional<Path> authorities = in.optionalPath("authorities");
    in.require(
        tls || asked == ClientCertificates.OFF,
        "client-certificates",
        "expected them below listen.https only");
    in.require(
        authorities.isPresent() || asked == ClientCertificates.OFF,
        "client-certificates",
        "expected a PEM file in authorities beside it");
    in.require(
        authorities.isEmpty() || asked != ClientCertificates.OFF,
        "authorities",
        "expected none without client-certificates");
    in.require(
        authorities.stream().allMatch(Path::isAbsolute),
        "authorities",
        "expected an absolute path");
    in.require(
        !proxyProtocol || !trusted.areNone(),
        "proxy-protocol",
        "expected trusted beside it: the peers that send PROXY headers");
    return address.map(
        a ->
            new ListenerSettings(
                a,
                tls,
                h2c,
                proxyProtocol,
                trusted,
                tls && own.isEmpty() ? shared : own,
                asked,
                authorities));
  }

  private static Optional<ListenAddress> parse(Section in, String key, String text) {
    try {
      return Optional.of(AddressParser.parse(text));
    } catch (IllegalArgumentException e) {
      in.problem(key, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
