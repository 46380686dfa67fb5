package dev.warren.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.NodeId;
import dev.warren.tunnel.DirectSettings;
import dev.warren.tunnel.relay.RelaySettings.Direct;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TunnelSetupTest {
  private static final NodeId NODE = new NodeId("ab".repeat(32));

  @Test
  void directPathsUseThePortOfHttp() {
    TunnelSetup setup = new TunnelSetup(true, 7080);
    assertThat(setup.node()).isEqualTo(DirectSettings.onPort(7080));
    assertThat(setup.relay(NODE).direct()).isEqualTo(new Direct(true, Optional.of(7080)));
  }

  @Test
  void withoutAFixedPortNobodyIsToldOne() {
    TunnelSetup setup = new TunnelSetup(true, 0);
    assertThat(setup.node()).isEqualTo(DirectSettings.ANY_PORT);
    assertThat(setup.relay(NODE).direct()).isEqualTo(new Direct(true, Optional.empty()));
  }

  @Test
  void switchedOffNoSocketIsOpenedAndNothingOffered() {
    TunnelSetup setup = new TunnelSetup(false, 7080);
    assertThat(setup.node()).isEqualTo(DirectSettings.OFF);
    assertThat(setup.relay(NODE).direct()).isEqualTo(Direct.OFF);
  }
}
