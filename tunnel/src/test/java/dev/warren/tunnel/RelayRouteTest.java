package dev.warren.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.tunnel.RelayRoute.Change;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// On a machine whose addresses the test gives and takes.
final class RelayRouteTest {
  private static final InetAddress CABLE = InetAddress.ofLiteral("10.0.1.2");
  private static final InetAddress RADIO = InetAddress.ofLiteral("10.0.9.2");

  private final Set<InetAddress> ours = new HashSet<>(Set.of(CABLE));
  private Optional<InetAddress> source = Optional.of(CABLE);
  private final RelayRoute route = new RelayRoute(() -> source, ours::contains);

  @Test
  void aConnectionIsLostWithTheAddressAtWhichItBegan() {
    assertThat(route.look()).isEqualTo(Change.NONE);
    ours.remove(CABLE);
    source = Optional.empty();
    assertThat(route.look()).isEqualTo(Change.NONE);
    ours.add(RADIO);
    source = Optional.of(RADIO);
    assertThat(route.look()).isEqualTo(Change.LOST);
  }

  @Test
  void anotherWayBesideTheOldOneIsOnlyAReasonToAsk() {
    ours.add(RADIO);
    source = Optional.of(RADIO);
    assertThat(route.look()).isEqualTo(Change.SUSPECT);
    assertThat(route.look()).isEqualTo(Change.NONE);
  }

  @Test
  void aNetworkThatWasAwayIsAReasonToAskToo() {
    source = Optional.empty();
    assertThat(route.look()).isEqualTo(Change.NONE);
    source = Optional.of(CABLE);
    assertThat(route.look()).isEqualTo(Change.SUSPECT);
    assertThat(route.look()).isEqualTo(Change.NONE);
  }

  @Test
  void theRoutingTableOfThisMachineIsStill() {
    RelayRoute here = RelayRoute.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9));
    assertThat(here.look()).isEqualTo(Change.NONE);
  }
}
