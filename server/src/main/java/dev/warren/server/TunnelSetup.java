package dev.warren.server;

import dev.warren.protocol.NodeId;
import dev.warren.tunnel.DirectSettings;
import dev.warren.tunnel.NodeStats;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.relay.DropReason;
import dev.warren.tunnel.relay.Relay;
import dev.warren.tunnel.relay.RelaySettings;
import dev.warren.tunnel.relay.RelayStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

/// How the control plane's tunnel is set up: direct paths use UDP on the port that has HTTP's
/// number, so that a firewall needs one number and nodes need not be told another.
///
/// @param direct whether direct paths are wanted at all
/// @param port where HTTP is served, or 0 for any
record TunnelSetup(boolean direct, int port) {
  DirectSettings node() {
    if (!direct) {
      return DirectSettings.OFF;
    }
    return port == 0 ? DirectSettings.ANY_PORT : DirectSettings.onPort(port);
  }

  RelaySettings relay(NodeId node) {
    OptionalInt udp = node().port();
    Optional<Integer> told = udp.isPresent() ? Optional.of(udp.getAsInt()) : Optional.empty();
    return RelaySettings.of(node).with(new RelaySettings.Direct(direct, told));
  }

  /// Shows what the tunnel counts.
  static void count(MeterRegistry metrics, TunnelNode node, Relay relay) {
    bytes(metrics, node, "direct", "sent", NodeStats::directSentBytes);
    bytes(metrics, node, "direct", "received", NodeStats::directReceivedBytes);
    bytes(metrics, node, "relay", "sent", NodeStats::relaySentBytes);
    bytes(metrics, node, "relay", "received", NodeStats::relayReceivedBytes);
    counter("warren.tunnel.path.switches", node, NodeStats::switches)
        .description("Changes of the way to a workspace, between relay and direct")
        .register(metrics);
    counter("warren.tunnel.datagrams.dropped", node, NodeStats::strange)
        .tag("reason", "strange")
        .description("Datagrams of this control plane's node that went nowhere")
        .register(metrics);
    counter("warren.tunnel.datagrams.dropped", node, NodeStats::unsendable)
        .tag("reason", "unsendable")
        .description("Datagrams of this control plane's node that went nowhere")
        .register(metrics);
    Gauge.builder("warren.relay.nodes", relay, one -> one.stats().attached())
        .description("Nodes attached to this relay")
        .register(metrics);
    relayed(metrics, relay, "warren.relay.messages", RelayStats::forwardedMessages);
    relayed(metrics, relay, "warren.relay.bytes", RelayStats::forwardedBytes);
    for (DropReason reason : DropReason.values()) {
      FunctionCounter.builder(
              "warren.relay.dropped", relay, one -> one.stats().dropped().getOrDefault(reason, 0L))
          .tag("reason", reason.toString())
          .description("Messages that the relay did not forward")
          .register(metrics);
    }
  }

  private static void bytes(
      MeterRegistry metrics,
      TunnelNode node,
      String path,
      String direction,
      ToDoubleFunction<NodeStats> value) {
    counter("warren.tunnel.bytes", node, value)
        .tag("path", path)
        .tag("direction", direction)
        .description("Bytes between this control plane's node and workspaces")
        .register(metrics);
  }

  private static FunctionCounter.Builder<TunnelNode> counter(
      String name, TunnelNode node, ToDoubleFunction<NodeStats> value) {
    return FunctionCounter.builder(name, node, one -> value.applyAsDouble(one.stats()));
  }

  private static void relayed(
      MeterRegistry metrics, Relay relay, String name, ToDoubleFunction<RelayStats> value) {
    FunctionCounter.builder(name, relay, one -> value.applyAsDouble(one.stats()))
        .description("What the relay forwarded")
        .register(metrics);
  }
}
