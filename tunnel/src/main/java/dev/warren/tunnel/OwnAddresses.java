package dev.warren.tunnel;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The addresses of this machine at which others may reach it, and which of a peer's are worth a
/// try.
final class OwnAddresses {
  private OwnAddresses() {}

  /// Addresses of the interfaces that are up; loopback only when there is nothing else.
  static List<InetAddress> list() {
    List<InetAddress> all = new ArrayList<>();
    List<InetAddress> loopback = new ArrayList<>();
    try {
      for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
        if (one.isUp()) {
          one.inetAddresses()
              .filter(OwnAddresses::isUsual)
              .forEach(address -> (address.isLoopbackAddress() ? loopback : all).add(address));
        }
      }
    } catch (SocketException e) {
      return List.of();
    }
    List<InetAddress> found = all.isEmpty() ? loopback : all;
    found.sort(
        Comparator.comparing((InetAddress address) -> !(address instanceof Inet4Address))
            .thenComparing(InetAddress::getHostAddress));
    return found;
  }

  /// As text, to see whether they have changed.
  static Set<String> names() {
    Set<String> names = new TreeSet<>();
    list().forEach(address -> names.add(address.getHostAddress()));
    return names;
  }

  /// Reads a peer's address. It may say anything: what no peer has is not tried, and this machine's
  /// loopback only when it has nothing else either.
  static Optional<InetSocketAddress> parse(String text, boolean loopback) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      InetAddress address = InetAddress.ofLiteral(host);
      boolean fits = isUsual(address) && (loopback || !address.isLoopbackAddress());
      return fits && port > 0 && port <= 0xffff
          ? Optional.of(new InetSocketAddress(address, port))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static boolean onlyLoopback() {
    return list().stream().allMatch(InetAddress::isLoopbackAddress);
  }

  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    int zone = host.indexOf('%');
    String bare = zone < 0 ? host : host.substring(0, zone);
    return (bare.contains(":") ? "[" + bare + "]" : bare) + ":" + address.getPort();
  }

  private static boolean isUsual(InetAddress address) {
    return !address.isAnyLocalAddress()
        && !address.isMulticastAddress()
        && !address.isLinkLocalAddress()
        && !(address instanceof Inet4Address && address.getAddress()[0] == (byte) 0xff);
  }
}
