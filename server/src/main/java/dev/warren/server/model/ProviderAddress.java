package dev.warren.server.model;

import dev.warren.server.http.Problems;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;

/// Checks where a provider is: private and loopback addresses are allowed, for people run models
/// there; addresses that hand out a machine's own credentials are not.
final class ProviderAddress {
  private static final int URL_CHARS_MAX = 2000;

  /// Metadata services that are not link-local.
  private static final Set<String> METADATA =
      Set.of(
          "metadata.google.internal",
          "metadata",
          "100.100.100.200",
          "fd00:ec2::254",
          "192.0.0.192");

  private ProviderAddress() {}

  /// @throws dev.warren.server.http.ProblemException when it is no address of a provider
  static URI check(String text) {
    URI url;
    try {
      url = new URI(text.strip());
    } catch (URISyntaxException e) {
      throw wrong("is not a URL");
    }
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || text.length() > URL_CHARS_MAX) {
      throw wrong("is not a http or https URL with a host");
    }
    if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
      throw wrong("has more than scheme, host, port and path");
    }
    refuseMetadata(url.getHost());
    return url;
  }

  private static void refuseMetadata(String host) {
    String bare = host.replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    if (METADATA.contains(bare.replaceAll("\\.$", ""))) {
      throw refused(host);
    }
    try {
      for (InetAddress address : InetAddress.getAllByName(bare)) {
        if (address.isLinkLocalAddress()
            || address.isAnyLocalAddress()
            || address.isMulticastAddress()
            || METADATA.contains(address.getHostAddress().replaceAll("%.*", ""))) {
          throw refused(host);
        }
      }
    } catch (UnknownHostException e) {
      // A name that is not known yet: the call will say so.
      return;
    }
  }

  private static RuntimeException refused(String host) {
    return wrong("names " + host + ", which is not an address that a provider can have");
  }

  private static RuntimeException wrong(String what) {
    return Problems.badInput("base_url", what);
  }

  /// Scheme, host and port: what a key is meant for.
  static String origin(URI url) {
    int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
    return url.getScheme() + "://" + url.getHost().toLowerCase(Locale.ROOT) + ":" + port;
  }
}
