package dev.warren.tunnel.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.Coordination.Dialer;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.relay.Admission.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class RelayTest {
  private final AtomicLong nanos = new AtomicLong();
  private final BlockingQueue<String> notices = new LinkedBlockingQueue<>();
  private volatile Function<AttachRequest, Decision> decide =
      request -> new Decision.Admitted(List.of());
  private final RelaySettings settings = RelaySettings.of(NodeIdentity.generate().id());
  private final Relay relay =
      new Relay(
          settings,
          new Admission() {
            @Override
            public Decision admit(AttachRequest request) {
              return decide.apply(request);
            }

            @Override
            public void attached(AttachRequest request) {
              notices.add("attached " + request.number());
            }

            @Override
            public void detached(AttachRequest request) {
              notices.add("detached " + request.number());
            }
          },
          nanos::get);

  @AfterEach
  void close() {
    relay.close();
  }

  @Test
  void anApprovedPairTalksBothWaysUnderTheRelaysWordForTheSender() throws Exception {
    FakeNode dialer = FakeNode.attached(relay);
    FakeNode target = FakeNode.attached(relay);
    approve(dialer, target);
    dialer.send(target.id(), "ping");
    target.send(dialer.id(), "pong");
    assertThat(target.received()).containsExactly(dialer.id().brief() + " ping");
    assertThat(dialer.received()).containsExactly(target.id().brief() + " pong");
    assertThat(relay.stats().forwardedMessages()).isEqualTo(2);
  }

  @Test
  void nothingPassesBetweenNodesThatAreNoPair() throws Exception {
    FakeNode one = FakeNode.attached(relay);
    FakeNode other = FakeNode.attached(relay);
    one.send(other.id(), "hello");
    assertThat(other.received()).isEmpty();
    assertThat(relay.stats().dropped()).containsEntry(DropReason.UNAPPROVED, 1L);
  }

  @Test
  void aWithdrawnPairIsCutInMidBurst() throws Exception {
    FakeNode dialer = FakeNode.attached(relay);
    FakeNode target = FakeNode.attached(relay);
    approve(dialer, target);
    dialer.send(target.id(), "before");
    relay.withdraw(dialer.id(), target.id());
    dialer.send(target.id(), "after");
    assertThat(target.received()).hasSize(1);
    assertThat(relay.stats().dropped()).containsEntry(DropReason.UNAPPROVED, 1L);
  }

  @Test
  void aMessageToAnAbsentNodeOrWithoutContentIsDroppedAndCounted() throws Exception {
    FakeNode dialer = FakeNode.attached(relay);
    FakeNode target = FakeNode.open(relay);
    approve(dialer, target);
    dialer.send(target.id(), "hello");
    dialer.send(target.id(), "");
    FakeNode.open(relay).send(target.id(), "from one who has not attached");
    assertThat(relay.stats().dropped())
        .containsEntry(DropReason.ABSENT, 1L)
        .containsEntry(DropReason.MALFORMED, 2L);
  }

  @Test
  void anAnswerToAnotherChallengeIsRefused() throws Exception {
    FakeNode first = FakeNode.open(relay);
    Coordination.Attach recorded = first.answer(first.challenge());
    first.session.text(recorded.toJson());
    first.next(Coordination.Attached.class);

    FakeNode thief = FakeNode.open(relay, first.identity);
    thief.challenge();
    thief.session.text(recorded.toJson());
    assertThat(thief.nextClose()).startsWith("4401 ");
    assertThat(relay.isLive(first.id())).isTrue();
  }

  @Test
  void anAnswerMadeForAnotherRelayIsRefused() throws Exception {
    FakeNode node = FakeNode.open(relay);
    Coordination.Challenge challenge = node.challenge();
    Coordination.Challenge elsewhere =
        new Coordination.Challenge(challenge.nonce(), NodeIdentity.generate().id());
    node.session.text(node.answer(elsewhere).toJson());
    assertThat(node.nextClose()).startsWith("4401 ");
  }

  @Test
  void somebodyElsesKeyIsRefused() throws Exception {
    FakeNode honest = FakeNode.open(relay);
    FakeNode thief = FakeNode.open(relay);
    Coordination.Attach own = thief.answer(thief.challenge());
    Coordination.Attach stolen =
        new Coordination.Attach(
            honest.answer(honest.challenge()).publicKey(),
            own.signature(),
            own.token(),
            own.role(),
            own.version(),
            own.instance(),
            own.sequence());
    thief.session.text(stolen.toJson());
    assertThat(thief.nextClose()).startsWith("4401 ");
  }

  @Test
  void whatIsNoAttachClosesTheConnection() throws Exception {
    for (String text :
        List.of(
            "",
            "{}",
            "null",
            "[1]",
            "{\"type\":\"attach\"}",
            "{\"type\":\"restarting\",\"after_ms\":1}")) {
      FakeNode node = FakeNode.open(relay);
      node.session.text(text);
      assertThat(node.nextClose()).as(text).startsWith("1002 ");
    }
  }

  @Test
  void aSecondAttachOnOneConnectionClosesIt() throws Exception {
    FakeNode node = FakeNode.open(relay);
    String attach = node.answer(node.challenge()).toJson();
    node.session.text(attach);
    node.next(Coordination.Attached.class);
    node.session.text(attach);
    assertThat(node.nextClose()).startsWith("1002 ");
    assertThat(relay.isLive(node.id())).isFalse();
  }

  @Test
  void theAdmissionsRefusalReachesTheNode() throws Exception {
    decide = request -> Decision.Refused.forGood("no such workspace");
    FakeNode node = FakeNode.open(relay);
    node.session.text(node.answer(node.challenge()).toJson());
    assertThat(node.nextClose()).isEqualTo("4401 no such workspace");
    assertThat(notices).isEmpty();
  }

  @Test
  void theNewerConnectionOfAKeyTakesOver() throws Exception {
    FakeNode older = FakeNode.attached(relay);
    FakeNode newer = FakeNode.attached(relay, older.identity);
    assertThat(older.nextClose()).startsWith("4409 ");
    older.session.closed();
    assertThat(relay.isLive(newer.id())).isTrue();
    assertThat(List.of(notice(), notice(), notice()))
        .containsExactly("attached 1", "detached 1", "attached 2");
  }

  @Test
  void aRevokedNodeIsClosedAtOnceAndItsPairsAreGone() throws Exception {
    FakeNode dialer = FakeNode.attached(relay);
    FakeNode target = FakeNode.attached(relay);
    approve(dialer, target);
    relay.revoke(target.id(), "the workspace was stopped");
    assertThat(target.nextClose()).isEqualTo("4401 the workspace was stopped");
    target.send(dialer.id(), "one more thing");
    dialer.send(target.id(), "hello");
    assertThat(dialer.received()).isEmpty();
    assertThat(relay.stats().dropped()).containsEntry(DropReason.UNAPPROVED, 1L);
  }

  @Test
  void anAdmissionThatWasUnderWayWhenItsNodeWasRevokedComesToNothing() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    decide =
        request -> {
          asked.countDown();
          awaitQuietly(go);
          return new Decision.Admitted(List.of());
        };
    FakeNode node = FakeNode.open(relay);
    node.session.text(node.answer(node.challenge()).toJson());
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    relay.revoke(node.id(), "deleted");
    go.countDown();
    assertThat(node.nextClose()).startsWith("4401 ");
    assertThat(relay.isLive(node.id())).isFalse();
  }

  @Test
  void nodesLearnWhoMayDialThemAndWhoIsThere() throws Exception {
    FakeNode dialer = FakeNode.attached(relay);
    FakeNode target = FakeNode.attached(relay);
    target.next(Coordination.Peers.class);
    approve(dialer, target);
    assertThat(target.next(Coordination.Peers.class).approved())
        .containsExactly(new Dialer(dialer.id(), Set.of(StreamKind.HTTP)));
    assertThat(dialer.next(Coordination.Presence.class))
        .isEqualTo(new Coordination.Presence(target.id(), Optional.of(target.instance)));
    target.session.closed();
    Coordination.Presence last = dialer.next(Coordination.Presence.class);
    while (last.instance().isPresent()) {
      last = dialer.next(Coordination.Presence.class);
    }
    assertThat(last.nodeId()).isEqualTo(target.id());
  }

  @Test
  void aNodeHearsThatItIsInBeforeItHearsWhoMayDialIt() throws Exception {
    FakeNode dialer = FakeNode.attached(relay);
    decide =
        request ->
            new Decision.Admitted(
                List.of(new Approval(dialer.id(), request.node(), Set.of(StreamKind.SSH))));
    assertThat(FakeNode.attached(relay).next(Coordination.Peers.class).approved()).hasSize(1);
  }

  @Test
  void aTargetLearnsOfADialerThatItsAdmissionBrings() throws Exception {
    FakeNode target = FakeNode.attached(relay);
    target.next(Coordination.Peers.class);
    decide =
        request ->
            new Decision.Admitted(
                List.of(new Approval(request.node(), target.id(), Set.of(StreamKind.SSH))));
    FakeNode dialer = FakeNode.attached(relay);
    assertThat(target.next(Coordination.Peers.class).approved())
        .containsExactly(new Dialer(dialer.id(), Set.of(StreamKind.SSH)));
  }

  @Test
  void aSlowReceiverLosesTheOldestBeyondTheBoundAndHoldsNoMore() throws Exception {
    FakeNode sender = FakeNode.attached(relay);
    FakeNode slow = FakeNode.attached(relay);
    approve(sender, slow);
    slow.slow();
    String filler = "x".repeat(9_990);
    for (int i = 1000; i < 1200; i++) {
      sender.send(slow.id(), i + " " + filler);
    }
    long dropped = relay.stats().dropped().get(DropReason.OVERFLOW);
    assertThat(dropped).isPositive();
    while (slow.heldMessages() > 0) {
      slow.release();
    }
    List<String> numbers = slow.received().stream().map(text -> text.split(" ", -1)[1]).toList();
    assertThat(numbers).hasSize(200 - (int) dropped).isSorted().contains("1000", "1199");
    assertThat(numbers.size() * 10_000L).isLessThanOrEqualTo(settings.outstandingBytesMax());
  }

  @Test
  void aFloodAtASlowReceiverPushesOutItselfAndNoneOfAnothers() throws Exception {
    FakeNode flooder = FakeNode.attached(relay);
    FakeNode other = FakeNode.attached(relay);
    FakeNode slow = FakeNode.attached(relay);
    approve(flooder, slow);
    approve(other, slow);
    slow.slow();
    String filler = "x".repeat(9_990);
    for (int i = 1000; i < 1500; i++) {
      flooder.send(slow.id(), "flood " + filler);
      if (i % 100 == 0) {
        other.send(slow.id(), "wanted " + i);
      }
    }
    assertThat(relay.stats().dropped().get(DropReason.OVERFLOW)).isPositive();
    assertThat(flooder.session.debt()).isPositive();
    assertThat(other.session.debt()).isZero();
    while (slow.heldMessages() > 0) {
      slow.release();
    }
    assertThat(slow.received().stream().filter(text -> text.contains("wanted"))).hasSize(5);
  }

  @Test
  void aFloodThatMayGoNowhereIsReadSlowly() throws Exception {
    FakeNode flooder = FakeNode.attached(relay);
    FakeNode target = FakeNode.attached(relay);
    long forgiven = settings.sendBytesPerSecond() / 4 / SendBudget.WASTE;
    String filler = "x".repeat(30_000);
    for (long sent = 0; sent < forgiven - 60_000; sent += 30_034) {
      flooder.send(target.id(), filler);
    }
    assertThat(flooder.session.debt()).isZero();
    for (int i = 0; i < 100; i++) {
      flooder.send(target.id(), filler);
    }
    assertThat(flooder.session.debt()).isPositive();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(flooder.session.debt()).isZero();
  }

  @Test
  void whoSendsMessagesBeforeItIsInIsClosed() throws Exception {
    FakeNode target = FakeNode.attached(relay);
    FakeNode early = FakeNode.open(relay);
    early.send(target.id(), "hello");
    assertThat(early.nextClose()).startsWith("1002 ");
    assertThat(relay.stats().dropped()).containsEntry(DropReason.MALFORMED, 1L);
  }

  @Test
  void aReceiverThatTakesNothingForLongIsCut() throws Exception {
    FakeNode sender = FakeNode.attached(relay);
    FakeNode stuck = FakeNode.attached(relay);
    approve(sender, stuck);
    stuck.slow();
    sender.send(stuck.id(), "hello");
    pass(Duration.ofSeconds(21), sender, stuck);
    relay.sweep();
    assertThat(stuck.nextClose()).startsWith("4408 ");
    assertThat(sender.closes).isEmpty();
  }

  @Test
  void aSilentNodeIsCutAndAnAnsweringOneIsPinged() throws Exception {
    FakeNode silent = FakeNode.attached(relay);
    FakeNode answering = FakeNode.attached(relay);
    pass(settings.silenceMax().plusSeconds(1), answering);
    relay.sweep();
    assertThat(silent.nextClose()).startsWith("4408 ");
    assertThat(answering.closes).isEmpty();
    assertThat(answering.pings).isEqualTo(1);
  }

  @Test
  void aHandshakeThatTakesTooLongIsClosed() throws Exception {
    FakeNode node = FakeNode.open(relay);
    pass(settings.handshakeMax().plusSeconds(1));
    relay.sweep();
    assertThat(node.nextClose()).startsWith("4408 ");
    assertThat(relay.stats().handshaking()).isZero();
  }

  @Test
  void tooManyHandshakesAtOnceAreTurnedAway() throws Exception {
    for (int i = 0; i < settings.handshakesMax(); i++) {
      FakeNode.open(relay, decoy);
    }
    assertThat(FakeNode.open(relay, decoy).nextClose()).startsWith("1013 ");
  }

  @Test
  void pairsOutliveABriefAbsenceAndNotALongOne() throws Exception {
    FakeNode dialer = FakeNode.attached(relay);
    FakeNode target = FakeNode.attached(relay);
    approve(dialer, target);
    target.session.closed();
    FakeNode back = FakeNode.attached(relay, target.identity);
    dialer.send(back.id(), "still here");
    assertThat(back.received()).hasSize(1);

    back.session.closed();
    pass(settings.pairGrace().plusSeconds(1), dialer);
    relay.sweep();
    FakeNode late = FakeNode.attached(relay, target.identity);
    dialer.send(late.id(), "hello?");
    assertThat(late.received()).isEmpty();
  }

  @Test
  void closingTellsEachNodeThatItMayComeBack() throws Exception {
    FakeNode node = FakeNode.attached(relay);
    relay.close();
    node.next(Coordination.Restarting.class);
    assertThat(node.nextClose()).startsWith("1012 ");
  }

  private final NodeIdentity decoy = NodeIdentity.generate();

  private void approve(FakeNode dialer, FakeNode target) {
    relay.approve(new Approval(dialer.id(), target.id(), Set.of(StreamKind.HTTP)));
  }

  /// Lets time pass, in which only these nodes give a sign of life.
  private void pass(Duration time, FakeNode... alive) {
    nanos.addAndGet(time.toNanos());
    for (FakeNode node : alive) {
      node.session.alive();
    }
  }

  private String notice() throws InterruptedException {
    return String.valueOf(notices.poll(10, TimeUnit.SECONDS));
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
