package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.relay.Admission;
import dev.warren.tunnel.relay.Approval;
import dev.warren.tunnel.relay.AttachRequest;
import dev.warren.tunnel.relay.Relay;
import dev.warren.tunnel.relay.RelaySettings;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// A relay in the test's process, for nodes that attach in process too.
final class TestRelay implements AutoCloseable {
  private static final class Everyone implements Admission {
    final List<AttachRequest> attached = new CopyOnWriteArrayList<>();
    final List<AttachRequest> detached = new CopyOnWriteArrayList<>();

    @Override
    public Decision admit(AttachRequest request) {
      return new Decision.Admitted(List.of());
    }

    @Override
    public void attached(AttachRequest request) {
      attached.add(request);
    }

    @Override
    public void detached(AttachRequest request) {
      detached.add(request);
    }
  }

  final Relay relay;

  TestRelay() {
    this(false);
  }

  TestRelay(boolean direct) {
    relay =
        new Relay(
            RelaySettings.of(NodeIdentity.generate().id())
                .with(new RelaySettings.Direct(direct, Optional.empty())),
            new Everyone());
    relay.start();
  }

  void approve(NodeId dialer, NodeId target, StreamKind... kinds) {
    EnumSet<StreamKind> set = EnumSet.noneOf(StreamKind.class);
    set.addAll(List.of(kinds));
    relay.approve(new Approval(dialer, target, set));
  }

  RelayEndpoint endpoint() {
    return new RelayEndpoint.InProcess(relay);
  }

  @Override
  public void close() {
    relay.close();
  }
}
