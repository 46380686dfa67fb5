package dev.warren.tunnel.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.Coordination.Meet;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.relay.Admission.Decision;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What two nodes tell each other by the relay to find a direct path.
@Timeout(30)
final class IntroductionsTest {
  private static final String KEY = "A".repeat(43) + "=";

  private final AtomicLong nanos = new AtomicLong();
  private volatile boolean direct = true;
  private final Relay relay =
      new Relay(
          RelaySettings.of(NodeIdentity.generate().id())
              .with(new RelaySettings.Direct(true, Optional.of(7080))),
          new Admission() {
            @Override
            public Decision admit(AttachRequest request) {
              return new Decision.Admitted(List.of(), Optional.empty(), direct);
            }

            @Override
            public void attached(AttachRequest request) {}

            @Override
            public void detached(AttachRequest request) {}
          },
          nanos::get);

  @AfterEach
  void close() {
    relay.close();
  }

  @Test
  void anIntroductionComesUnderTheSendersName() throws Exception {
    FakeNode one = FakeNode.attached(relay);
    FakeNode other = FakeNode.attached(relay);
    approve(one, other);
    one.session.text(meet(other.id()).toJson());
    assertThat(other.next(Meet.class)).isEqualTo(meet(one.id()));
    other.session.text(meet(one.id()).toJson());
    assertThat(one.next(Meet.class)).isEqualTo(meet(other.id()));
  }

  @Test
  void aStrangersIntroductionIsDropped() throws Exception {
    FakeNode stranger = FakeNode.attached(relay);
    FakeNode other = FakeNode.attached(relay);
    stranger.session.text(meet(other.id()).toJson());
    assertThat(other.texts).noneMatch(Meet.class::isInstance);
    assertThat(relay.stats().dropped()).containsEntry(DropReason.UNAPPROVED, 1L);
  }

  @Test
  void aNodeThatMayNotGoDirectNeitherIntroducesItselfNorIsIntroducedTo() throws Exception {
    FakeNode one = FakeNode.attached(relay);
    direct = false;
    FakeNode bound = FakeNode.attached(relay);
    approve(one, bound);
    one.session.text(meet(bound.id()).toJson());
    bound.session.text(meet(one.id()).toJson());
    assertThat(one.texts).noneMatch(Meet.class::isInstance);
    assertThat(bound.texts).noneMatch(Meet.class::isInstance);
    assertThat(relay.stats().dropped()).containsEntry(DropReason.ABSENT, 2L);
  }

  @Test
  void aFloodOfIntroductionsIsCutShort() throws Exception {
    FakeNode one = FakeNode.attached(relay);
    FakeNode other = FakeNode.attached(relay);
    approve(one, other);
    String meet = meet(other.id()).toJson();
    for (int i = 0; i < 10_000; i++) {
      one.session.text(meet);
    }
    assertThat(other.texts.stream().filter(Meet.class::isInstance).count()).isLessThan(500);
    assertThat(relay.stats().dropped().get(DropReason.TOO_MANY)).isGreaterThan(9_000);
  }

  @Test
  void anAttachedNodeThatSaysAnythingElseIsClosed() throws Exception {
    FakeNode one = FakeNode.attached(relay);
    one.session.text(new Coordination.Restarting(5).toJson());
    assertThat(one.nextClose()).startsWith("1002 ");
  }

  @Test
  void oneAddressCannotTakeAllPlacesOfTheDoor() throws Exception {
    int max = relay.settings().handshakesMax();
    for (int i = 0; i < max / 2; i++) {
      FakeNode.open(relay);
    }
    assertThat(FakeNode.open(relay).nextClose()).startsWith("1013 ");
    FakeNode elsewhere = new FakeNode(NodeIdentity.generate());
    elsewhere.session = relay.open(elsewhere, "192.0.2.2");
    assertThat(elsewhere.challenge().relay()).isEqualTo(relay.id());
  }

  private void approve(FakeNode dialer, FakeNode target) {
    relay.approve(new Approval(dialer.id(), target.id(), Set.of(StreamKind.HTTP)));
  }

  private static Meet meet(NodeId node) {
    return new Meet(node, true, KEY, List.of("192.0.2.7:4711"));
  }
}
