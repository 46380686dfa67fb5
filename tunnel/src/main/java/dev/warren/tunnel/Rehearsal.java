package dev.warren.tunnel;

import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.relay.Admission;
import dev.warren.tunnel.relay.Approval;
import dev.warren.tunnel.relay.AttachRequest;
import dev.warren.tunnel.relay.Relay;
import dev.warren.tunnel.relay.RelaySettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Uses a tunnel once, within this process: a stream over QUIC by a relay, and an attach that
/// nobody answers. A program that makes its class cache does it, so that the cache holds what
/// tunnels need.
public final class Rehearsal {
  private static final Duration WITHIN = Duration.ofSeconds(20);

  /// One end of the stream.
  @FunctionalInterface
  public interface Part {
    void play(TunnelStream stream) throws IOException;
  }

  private Rehearsal() {}

  /// @param dialing what the dialing end does
  /// @param accepting what the other one does
  public static void run(Part dialing, StreamAcceptor accepting)
      throws IOException, InterruptedException {
    NodeIdentity dialer = NodeIdentity.generate();
    NodeIdentity target = NodeIdentity.generate();
    try (Relay relay = new Relay(RelaySettings.of(dialer.id()), new Nobody());
        TunnelNode there = new TunnelNode(target, accepting);
        TunnelNode here = new TunnelNode(dialer, StreamAcceptor.NONE);
        TunnelNode alone = new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE)) {
      relay.start();
      there.start();
      here.start();
      alone.start();
      relay.approve(new Approval(dialer.id(), target.id(), Set.of(StreamKind.HTTP)));
      there.attach(new RelayEndpoint.InProcess(relay));
      here.attach(new RelayEndpoint.InProcess(relay));
      RelayAttachment unanswered =
          alone.attach(
              new RelayEndpoint.Url(
                  URI.create("http://127.0.0.1:1"), NodeRole.DAEMON, "", Optional::empty));
      try (TunnelStream stream =
          here.connection(target.id(), WITHIN).openStream(StreamKind.HTTP, "", WITHIN)) {
        dialing.play(stream);
      }
      if (unanswered.awaitAttached(Duration.ofMillis(100))) {
        throw new IOException("something listens on port 1");
      }
    } catch (AttachRefused refused) {
      throw new IOException(refused);
    }
  }

  /// The relay's own nodes need no admission.
  private static final class Nobody implements Admission {
    @Override
    public Decision admit(AttachRequest request) {
      return Decision.Refused.forGood("a rehearsal");
    }

    @Override
    public void attached(AttachRequest request) {
      throw new IllegalStateException("nobody is admitted");
    }

    @Override
    public void detached(AttachRequest request) {
      throw new IllegalStateException("nobody was attached");
    }
  }
}
