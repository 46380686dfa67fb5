package dev.warren.tunnel;

import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.tunnel.relay.Relay;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/// Where a node attaches.
public sealed interface RelayEndpoint {
  /// A control plane's relay over a WebSocket.
  ///
  /// @param accessUrl the control plane's `http` or `https` URL, perhaps with a path prefix;
  ///   `relay` is appended
  /// @param role what this node says it is
  /// @param version of the program, for the administrator's eyes
  /// @param token asked anew at each attach; empty once the control plane knows this node's key
  record Url(URI accessUrl, NodeRole role, String version, Supplier<Optional<String>> token)
      implements RelayEndpoint {
    public Url {
      String scheme = String.valueOf(accessUrl.getScheme());
      if ((!scheme.equals("http") && !scheme.equals("https")) || accessUrl.getHost() == null) {
        throw new IllegalArgumentException(
            "a control plane's URL looks like https://warren.example.com, not " + accessUrl);
      }
    }
  }

  /// The relay in this process, which trusts this node without asking.
  record InProcess(Relay relay) implements RelayEndpoint {}
}
