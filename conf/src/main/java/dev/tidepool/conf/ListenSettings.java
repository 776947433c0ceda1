package dev.tidepool.conf;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Addresses that the master opens, in the order of the configuration. */
public record ListenSettings(
    List<ListenAddress> http, Optional<ListenAddress> admin, int backlog, int unixMode) {

  static ListenSettings from(Config root, Problems problems) {
    var in = new Section(root, "listen", problems);
    var http = new ArrayList<ListenAddress>();
    for (String text : in.oneOrMore("http")) {
      address(in, "http", text).ifPresent(http::add);
    }
    String adminText = in.text("admin");
    Optional<ListenAddress> admin =
        adminText.equals("off") ? Optional.empty() : address(in, "admin", adminText);
    var once = new HashSet<ListenAddress>();
    for (ListenAddress address : http) {
      in.require(once.add(address) || anyPort(address), "http", "lists " + address + " twice");
    }
    in.require(
        admin.isEmpty() || !once.contains(admin.get()) || anyPort(admin.get()),
        "admin",
        "expected an address that listen.http does not have");
    return new ListenSettings(
        List.copyOf(http), admin, in.integer("backlog", 1, 65_535), unixMode(in));
  }

  private static Optional<ListenAddress> address(Section in, String key, String text) {
    try {
      return Optional.of(AddressParser.parse(text));
    } catch (IllegalArgumentException e) {
      in.problem(key, e.getMessage() + (key.equals("admin") ? ", or \"off\"" : ""));
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
