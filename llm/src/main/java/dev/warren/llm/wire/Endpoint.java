package dev.warren.llm.wire;

import dev.warren.llm.ProviderException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where a provider is: an absolute http or https URL without user info, query or fragment, and
/// never a cloud's metadata service. Private and loopback addresses are fine: people run models
/// there.
public record Endpoint(URI base) {

  public Endpoint {
    String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || base.getHost() == null) {
      throw refused("is not an absolute http or https URL");
    }
    if (base.getRawUserInfo() != null
        || base.getRawQuery() != null
        || base.getRawFragment() != null) {
      throw refused("has a user, query or fragment; leave these out");
    }
  }

  public static Endpoint of(URI base) {
    return new Endpoint(base);
  }

  /// `path` under the base URL.
  public URI resolve(String path) {
    String text = base.toString();
    return URI.create((text.endsWith("/") ? text.substring(0, text.length() - 1) : text) + path);
  }

  /// How messages name it.
  public String shown() {
    return base.getPort() < 0 ? base.getHost() : base.getHost() + ":" + base.getPort();
  }

  /// The addresses to dial.
  ///
  /// @throws ProviderException when one of them is a metadata service's
  public List<InetAddress> addresses() throws UnknownHostException {
    List<InetAddress> addresses = List.of(InetAddress.getAllByName(base.getHost()));
    if (addresses.stream().anyMatch(Endpoint::metadata)) {
      throw refused("leads to a link-local or metadata address, which is not allowed");
    }
    return addresses;
  }

  private static boolean metadata(InetAddress address) {
    byte[] bytes = address.getAddress();
    return switch (address) {
      case Inet4Address v4 ->
          v4.isLinkLocalAddress() || v4.isAnyLocalAddress() || starts(bytes, 100, 100, 100, 200);
      case Inet6Address v6 ->
          v6.isLinkLocalAddress()
              || v6.isAnyLocalAddress()
              || v6.getHostAddress().equals("fd00:ec2:0:0:0:0:0:254");
      default -> true;
    };
  }

  private static boolean starts(byte[] bytes, int... first) {
    for (int i = 0; i < first.length; i++) {
      if ((bytes[i] & 0xff) != first[i]) {
        return false;
      }
    }
    return true;
  }

  private static ProviderException refused(String why) {
    return new ProviderException(
        ProviderException.Kind.INVALID_REQUEST,
        0,
        Optional.empty(),
        "The provider's base URL " + why + ".");
  }
}
