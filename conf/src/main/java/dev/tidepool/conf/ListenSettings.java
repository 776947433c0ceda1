package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Addresses that the master opens, in the order of the configuration, those with TLS last. */
public record ListenSettings(
    List<ListenerSettings> listeners,
    Optional<ListenAddress> admin,
    Optional<ListenAddress> agent,
    int backlog,
    int unixMode) {

  static ListenSettings from(Config root, TlsSettings tls, Problems problems) {
    var in = new Section(root, "listen", problems);
    List<ListenerSettings> http = ListenerSettings.list(in, "http", false, List.of());
    List<ListenerSettings> https = ListenerSettings.list(in, "https", true, tls.certificates());
    in.require(
        !http.isEmpty() || !https.isEmpty(), "http", "expected an address or a list, not empty");
    Set<ListenAddress> once = new HashSet<>();
    noneTwice(in, "http", http, once);
    noneTwice(in, "https", https, once);
    Optional<ListenAddress> admin = ofMaster(in, "admin", once);
    Optional<ListenAddress> agent = ofMaster(in, "agent", once);
    return new ListenSettings(
        Stream.concat(http.stream(), https.stream()).toList(),
        admin,
        agent,
        in.integer("backlog", 1, 65_535),
        unixMode(in));
  }

  /** The certificates of all listeners, each once. */
  public List<CertificateFiles> certificates() {
    return listeners.stream().flatMap(l -> l.certificates().stream()).distinct().toList();
  }

  /** The files of trusted authorities of all listeners, each once. */
  public List<Path> authorities() {
    return listeners.stream().flatMap(l -> l.authorities().stream()).distinct().toList();
  }

  private static void noneTwice(
      Section in, String key, List<ListenerSettings> listeners, Set<ListenAddress> once) {
    for (ListenerSettings listener : listeners) {
      ListenAddress address = listener.address();
      in.require(once.add(address) || anyPort(address), key, "lists " + address + " twice");
    }
  }

  private static Optional<ListenAddress> ofMaster(Section in, String key, Set<ListenAddress> once) {
    String text = in.text(key);
    if (text.equals("off")) {
      return Optional.empty();
    }
    try {
      ListenAddress address = AddressParser.parse(text);
      in.require(
          once.add(address) || anyPort(address), key, "expected an address that no other key has");
      return Optional.of(address);
    } catch (IllegalArgumentException e) {
      in.problem(key, e.getMessage() + ", or \"off\"");
      return Optional.empty();
    }
  }

  /** Port 0 is another port each time. */
  private static boolean anyPort(ListenAddress address) {
    return address instanceof ListenAddress.Tcp tcp && tcp.port() == 0;
  }

  private static int unixMode(Section in) {
    String text = in.text("unix-mode");
    boolean octal = text.matches("0[67][0-7]{2}");
    in.require(octal, "unix-mode", "expected octal access rights, 0600 to 0777");
    return octal ? Integer.parseInt(text, 8) : 0;
  }
}
