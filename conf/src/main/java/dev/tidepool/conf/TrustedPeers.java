package dev.tidepool.conf;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Peers that are believed what they say of their clients. */
public record TrustedPeers(List<Network> networks, boolean unix) {
  public static final TrustedPeers NONE = new TrustedPeers(List.of(), false);

  /** The first {@code bits} of {@code address} are those of the network. */
  public record Network(InetAddress address, int bits) {
    boolean contains(byte[] other) {
      byte[] own = address.getAddress();
      if (own.length != other.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit += 8) {
        int mask = 0xff00 >> Math.min(8, bits - bit);
        if (((own[bit / 8] ^ other[bit / 8]) & mask & 0xff) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  public boolean areNone() {
    return networks.isEmpty() && !unix;
  }

  /** True if this peer, with an address, is one of them. */
  public boolean contains(InetAddress peer) {
    byte[] bytes = peer.getAddress();
    for (Network network : networks) {
      if (network.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  static TrustedPeers of(Section in, String key) {
    var networks = new ArrayList<Network>();
    boolean unix = false;
    for (String text : in.texts(key)) {
      Optional<Network> network = network(text);
      if (text.equals("unix:")) {
        unix = true;
      } else if (network.isPresent()) {
        networks.add(network.get());
      } else {
        in.problem(
            key,
            "expected addresses or networks such as \"10.0.0.0/8\" or \"fd00::/8\", or \"unix:\", "
                + "not \""
                + text
                + "\"");
      }
    }
    return new TrustedPeers(List.copyOf(networks), unix);
  }

  private static Optional<Network> network(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> address = address(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    int longest = address.get().getAddress().length * 8;
    String length = slash < 0 ? "" + longest : text.substring(slash + 1);
    if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > longest) {
      return Optional.empty();
    }
    return Optional.of(new Network(address.get(), Integer.parseInt(length)));
  }

  /** An address in digits; never asks a name server. */
  public static Optional<InetAddress> address(String text) {
    boolean v6 = text.indexOf(':') >= 0;
    if (!v6 && !AddressParser.isV4(text)) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(text)); // with a colon it is never taken for a name
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
