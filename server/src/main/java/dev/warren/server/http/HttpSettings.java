package dev.warren.server.http;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Set;

/// Where the server listens and under which names it answers.
///
/// @param accessUrl what browsers and daemons use
/// @param otherHosts names that are answered beside the access URL's and the machine's own loopback
///   and local addresses
public record HttpSettings(InetSocketAddress address, URI accessUrl, Set<String> otherHosts) {
  public HttpSettings {
    otherHosts = Set.copyOf(otherHosts);
  }

  public boolean secure() {
    return "https".equals(accessUrl.getScheme());
  }
}
