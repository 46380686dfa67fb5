package dev.warren.tunnel;

import dev.warren.protocol.tunnel.Coordination.DirectOffer;
import dev.warren.protocol.tunnel.Coordination.Meet;
import dev.warren.tunnel.path.AddressQuestion;
import dev.warren.tunnel.relay.Allowance;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Tells peers, by the relay, where a UDP socket of this node may be reached, and finds that out.
/// On the event loop.
final class Introducer {
  /// Questions for an address that are answered at once, and in a second.
  private static final int QUESTION_BURST = 1_000;

  private static final int QUESTIONS_PER_SECOND = 500;

  private final Allowance questions =
      new Allowance(QUESTION_BURST, QUESTIONS_PER_SECOND, System.nanoTime());
  private final boolean dialing;
  private final String probeKey;
  private final Surroundings surroundings = new Surroundings();
  private @Nullable DirectSocket socket;
  private @Nullable RelayPath relay;
  private Optional<DirectOffer> offer = Optional.empty();
  private long question;
  private long askedNanos;
  private Optional<Duration> answered = Optional.empty();
  private boolean answering;

  /// @param probeKey what peers seal their probes for, as text
  Introducer(boolean dialing, String probeKey) {
    this.dialing = dialing;
    this.probeKey = probeKey;
  }

  /// @param answersQuestions whether others may ask here which address is theirs
  void use(DirectSocket opened, boolean answersQuestions) {
    socket = opened;
    answering = answersQuestions;
  }

  /// Somebody asks where we see him.
  void answer(byte[] asked, InetSocketAddress from) {
    DirectSocket open = socket;
    if (answering && open != null && questions.tryTake(System.nanoTime())) {
      AddressQuestion.answer(asked, from).ifPresent(answer -> open.sendNow(from, answer));
    }
  }

  void attached(RelayPath path, Optional<DirectOffer> offered) {
    relay = path;
    offer = offered;
  }

  void detached() {
    relay = null;
  }

  /// Whether the relay, when it was there last, wanted direct paths.
  boolean isOffered() {
    return offer.isPresent();
  }

  /// Asks the peer to meet, or answers it.
  void introduce(DirectPath path, long now) {
    RelayPath standing = relay;
    if (standing == null) {
      return;
    }
    path.meets(now);
    if (surroundings.seen().isEmpty()) {
      ask();
    }
    standing.sendText(new Meet(path.peer.id, dialing, probeKey, addresses()).toJson());
  }

  /// Asks the relay's host which address it sees.
  void ask() {
    Optional<InetAddress> host = relay == null ? Optional.empty() : relay.host();
    Optional<Integer> port = offer.flatMap(DirectOffer::udpPort);
    if (socket != null && host.isPresent() && port.isPresent()) {
      question = ThreadLocalRandom.current().nextLong();
      askedNanos = System.nanoTime();
      socket.sendNow(
          new InetSocketAddress(host.get(), port.get()), AddressQuestion.question(question));
    }
  }

  /// What the answer to our question says.
  Optional<InetSocketAddress> seenBy(AddressQuestion.Answer answer) {
    if (answer.number() != question) {
      return Optional.empty();
    }
    answered = Optional.of(Duration.ofNanos(System.nanoTime() - askedNanos));
    return Optional.of(answer.seen());
  }

  NetCheck netCheck(boolean attached) {
    return new NetCheck(
        attached,
        isOffered(),
        socket == null ? OptionalInt.empty() : socket.port(),
        answered,
        addresses(),
        seen());
  }

  /// Somebody outside sees this socket there.
  ///
  /// @return whether that is news
  boolean seenAt(InetSocketAddress address) {
    return surroundings.seenAt(address, addresses());
  }

  /// This machine has moved: it shows when that is asked next.
  void told() {
    surroundings.told();
  }

  /// Whether this machine has moved or slept since this was asked last.
  boolean moved(long now) {
    return surroundings.changed(now);
  }

  /// Why there is no direct path, in a few words.
  String whyNotDirect(DirectSettings settings, @Nullable DirectPath path) {
    if (!settings.allowed()) {
      return "this node has direct paths switched off";
    }
    if (!isOffered()) {
      return "the control plane does not offer direct paths";
    }
    if (socket == null || (path != null && !socket.isOpen())) {
      return "this node has no UDP socket";
    }
    if (path == null) {
      return "nothing was sent yet";
    }
    if (!path.introduced) {
      return "the other node has not answered: it may not have direct paths";
    }
    return "no probe came through: UDP is blocked, or both sides are behind NATs that change ports";
  }

  /// What peers are told.
  List<String> addresses() {
    OptionalInt port = socket == null ? OptionalInt.empty() : socket.port();
    return port.isEmpty()
        ? List.of()
        : surroundings.addresses(port.getAsInt(), offer.flatMap(DirectOffer::seen));
  }

  private List<String> seen() {
    return surroundings.seen();
  }
}
