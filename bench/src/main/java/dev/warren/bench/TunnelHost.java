package dev.warren.bench;

import dev.warren.server.http.HttpServer;
import dev.warren.server.http.HttpSettings;
import dev.warren.server.http.relay.RelayFront;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.RelayEndpoint;
import dev.warren.tunnel.StreamAcceptor;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.relay.Relay;
import dev.warren.tunnel.relay.RelaySettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The product's port on loopback with its relay, which lets everyone in, and the control plane's
/// own node.
final class TunnelHost implements AutoCloseable {
  private final TunnelNode node;
  private final Relay relay;
  private final HttpServer http;

  TunnelHost(int port, boolean direct) {
    NodeIdentity identity = NodeIdentity.generate();
    node = new TunnelNode(identity, StreamAcceptor.NONE);
    relay =
        new Relay(
            RelaySettings.of(identity.id())
                .with(new RelaySettings.Direct(direct, Optional.empty())),
            new TunnelPeer.Everyone(identity.id()));
    http =
        new HttpServer(
            new HttpSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                URI.create("http://127.0.0.1:" + port),
                Set.of()),
            List.of(),
            new TunnelPeer.Nobody(),
            Optional.empty(),
            List.of(RelayFront.at("/relay", relay)),
            new SimpleMeterRegistry());
  }

  void start() throws Exception {
    relay.start();
    node.start();
    node.attach(new RelayEndpoint.InProcess(relay));
    http.start();
  }

  TunnelNode node() {
    return node;
  }

  @Override
  public void close() {
    http.close();
    relay.close();
    node.close();
  }
}
