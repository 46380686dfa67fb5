package dev.warren.tunnel.path;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Decides which way the datagrams to one peer go. The relay is where it begins and where it comes
/// back to; a direct path is used as soon as a ping to it was answered, doubled with the relay when
/// it falls silent, left when it stays so, and looked for again.
///
/// Each end decides for itself: the two ways of a connection may differ for a while.
public final class PathSelector {
  /// What the owner has to send.
  public sealed interface Action {
    /// A sealed ping, padded to a size.
    record Ping(InetSocketAddress to, long sequence, int bytes) implements Action {}

    /// An introduction to the peer, by the relay.
    record Meet() implements Action {}
  }

  /// Addresses of a peer that are remembered.
  public static final int CANDIDATES_MAX = 24;

  /// Sizes of datagrams that a path is tried with, in bytes of UDP payload: what passes anywhere,
  /// Ethernet under IPv6, jumbo frames, and the same machine.
  static final int[] SIZES = {1_200, 1_452, 8_900, 16_000};

  /// Pings that a larger size gets, and that may be lost of the size in use.
  private static final int GROW_TRIES = 2;

  private static final int SIZE_LOST_MAX = 3;

  private final Map<InetSocketAddress, Candidate> candidates = new LinkedHashMap<>();
  private final boolean introduces;
  private final IntSupplier bytesMax;
  private long sequence;
  private @Nullable Candidate best;
  private boolean used;
  private long usedNanos;

  /// Since when silence counts: before, there was no reason to hear anything.
  private long wokenNanos;

  private boolean exploring;
  private long exploreNanos;
  private int explored;
  private boolean meetDue;
  private long metNanos;
  private int doubtPings;
  private boolean changed;
  private long changedNanos;
  private long switches;

  /// Index of the largest size that the best path has proved.
  private int size;

  /// Pings of that size since one was answered.
  private int sizeTries;

  private int growTries;
  private boolean growFailed;
  private long growFailedNanos;

  /// @param introduces whether this end asks the other one to meet; the other one answers
  /// @param bytesMax largest datagram that is of use, asked each time
  public PathSelector(boolean introduces, IntSupplier bytesMax) {
    this.introduces = introduces;
    this.bytesMax = bytesMax;
  }

  /// A datagram is about to be sent: which way?
  public Route route(long now) {
    wake(now);
    Candidate path = best;
    if (path == null) {
      return Route.RELAYED;
    }
    return path.isInDoubt(now) ? new Route.Both(path.address) : new Route.Direct(path.address);
  }

  /// Largest datagram that the direct path is known to carry.
  public int payloadBytes() {
    return best == null ? SIZES[0] : SIZES[size];
  }

  /// A sealed ping of the peer came, which its owner answers.
  public List<Action> pinged(InetSocketAddress from, long now) {
    Candidate candidate = candidate(from);
    candidate.sealed(now);
    if (candidate.isProven() || !candidate.isPingDue(PathTimes.PING_MIN, now)) {
      return List.of();
    }
    // What comes in by this address opens a way out to it, perhaps only now.
    return List.of(ping(candidate, SIZES[0], now));
  }

  /// A sealed answer came.
  ///
  /// @return whether it answers a ping
  public boolean answered(InetSocketAddress from, long sequence, long now) {
    Candidate candidate = candidates.get(from);
    if (candidate == null) {
      return false;
    }
    int bytes = candidate.answered(sequence, now);
    if (bytes == 0) {
      return false;
    }
    Candidate current = best;
    if (candidate.equals(current)) {
      proved(bytes);
    } else if (current == null
        || current.isInDoubt(now)
        || (isClearlyBetter(candidate, current) && now - changedNanos > PathTimes.HOLD.toNanos())) {
      change(candidate, now);
      proved(bytes);
    }
    return true;
  }

  /// A datagram came by a direct path.
  ///
  /// @return whether the peer is known to be there; what comes from elsewhere is not its
  public boolean received(InetSocketAddress from, long now) {
    Candidate candidate = candidates.get(from);
    if (candidate == null || !candidate.isAuthentic()) {
      return false;
    }
    candidate.heard(now);
    wake(now);
    return true;
  }

  /// The peer asks to meet, or answers, and says where it may be reached.
  public void met(Collection<InetSocketAddress> addresses, long now) {
    addresses.forEach(this::candidate);
    wake(now);
    explore(now);
  }

  /// This machine's addresses changed, or it slept: nothing is sure any more.
  public void networkChanged(long now) {
    candidates.values().forEach(Candidate::doubt);
    wokenNanos = now;
    meetDue = true;
    size = 0;
    growFailed = false;
    explore(now);
  }

  /// The relay is back: what was said by it before may have been lost.
  public void relayBack(long now) {
    if (best == null || best.isInDoubt(now)) {
      meetDue = true;
    }
  }

  /// The peer is another process: its addresses are not known.
  public void reset(long now) {
    change(null, now);
    candidates.clear();
    meetDue = introduces;
  }

  /// What is due.
  public List<Action> tick(long now) {
    if (!isActive(now)) {
      return List.of();
    }
    List<Action> actions = new ArrayList<>();
    Candidate path = best;
    if (path != null) {
      keep(path, actions, now);
    }
    boolean retry = introduces && best == null && now - metNanos >= PathTimes.RETRY.toNanos();
    if (meetDue || retry) {
      // First our own pings, which open our NAT, then the word that makes the peer send its own.
      meetDue = false;
      metNanos = now;
      explore(now);
      exploreOn(actions, now);
      actions.add(new Action.Meet());
    } else if (exploring) {
      exploreOn(actions, now);
    }
    return actions;
  }

  /// Whether anything is to be done in time.
  public boolean isActive(long now) {
    return used && now - usedNanos < PathTimes.ACTIVE.toNanos();
  }

  /// Whether there is no direct path.
  public boolean isRelayed() {
    return best == null;
  }

  /// The direct path, when there is one.
  public Optional<Chosen> chosen(long now) {
    Candidate path = best;
    return path == null
        ? Optional.empty()
        : Optional.of(
            new Chosen(path.address, Duration.ofNanos(path.rttNanos()), path.isInDoubt(now)));
  }

  /// A direct path in use.
  ///
  /// @param doubtful whether datagrams go by the relay too
  public record Chosen(InetSocketAddress address, Duration rtt, boolean doubtful) {}

  /// How often the way has changed.
  public long switches() {
    return switches;
  }

  /// The peer's addresses that are tried.
  public Set<InetSocketAddress> addresses() {
    return Set.copyOf(candidates.keySet());
  }

  /// Whether the way has changed since this was asked last: QUIC should send something.
  public boolean takeChange() {
    boolean was = changed;
    changed = false;
    return was;
  }

  private void keep(Candidate path, List<Action> actions, long now) {
    if (path.isInDoubt(now)) {
      if (!path.isTrusted(now)
          && now - Math.max(path.heardNanos(), wokenNanos) > PathTimes.TRUST.toNanos()) {
        change(null, now);
        meetDue = true;
      } else if (path.isPingDue(PathTimes.DOUBT_PING, now)) {
        // By turns small and at full size: perhaps only the large ones are lost.
        doubtPings++;
        actions.add(ping(path, SIZES[doubtPings % 2 == 0 ? size : 0], now));
      }
      return;
    }
    if (path.isPingDue(PathTimes.HEARTBEAT, now)) {
      if (sizeTries >= SIZE_LOST_MAX) {
        size = 0;
        sizeTries = 0;
        failGrowth(now);
      }
      // At the size that is used: it has to go on proving that.
      actions.add(ping(path, SIZES[size], now));
      return;
    }
    grow(path, actions, now);
  }

  private void grow(Candidate path, List<Action> actions, long now) {
    if (growFailed && now - growFailedNanos > PathTimes.GROW_RETRY.toNanos()) {
      growFailed = false;
      growTries = 0;
    }
    int next = size + 1;
    if (growFailed
        || next >= SIZES.length
        || SIZES[next] > bytesMax.getAsInt()
        || !path.isPingDue(PathTimes.GROW_PING, now)) {
      return;
    }
    if (growTries >= GROW_TRIES) {
      failGrowth(now);
      return;
    }
    growTries++;
    actions.add(ping(path, SIZES[next], now));
  }

  private void failGrowth(long now) {
    growFailed = true;
    growFailedNanos = now;
  }

  /// The best path answered a ping of this size.
  private void proved(int bytes) {
    if (bytes >= SIZES[size]) {
      sizeTries = 0;
    }
    while (size + 1 < SIZES.length && SIZES[size + 1] <= bytes) {
      size++;
      growTries = 0;
    }
  }

  private void wake(long now) {
    if (!isActive(now)) {
      wokenNanos = now;
      meetDue |= introduces;
      explore(now);
    }
    used = true;
    usedNanos = now;
  }

  private void explore(long now) {
    exploring = true;
    exploreNanos = now;
    explored = 0;
  }

  private void exploreOn(List<Action> actions, long now) {
    boolean due = false;
    while (explored < PathTimes.EXPLORE.length
        && now - exploreNanos >= PathTimes.EXPLORE[explored].toNanos()) {
      explored++;
      due = true;
    }
    exploring = explored < PathTimes.EXPLORE.length;
    if (!due) {
      return;
    }
    for (Candidate candidate : candidates.values()) {
      if (!candidate.equals(best) && candidate.isPingDue(PathTimes.PING_MIN, now)) {
        actions.add(ping(candidate, SIZES[0], now));
      }
    }
  }

  private Action.Ping ping(Candidate candidate, int bytes, long now) {
    // Ahead of all that an earlier life of this path has sent, since the peer takes none twice.
    sequence = Math.max(sequence + 1, now);
    boolean isBest = candidate.equals(best);
    candidate.sent(sequence, bytes, !isBest || bytes <= SIZES[size], now);
    if (isBest && size > 0 && bytes == SIZES[size]) {
      sizeTries++;
    }
    return new Action.Ping(candidate.address, sequence, bytes);
  }

  private void change(@Nullable Candidate to, long now) {
    if (Objects.equals(best, to)) {
      return;
    }
    best = to;
    size = 0;
    sizeTries = 0;
    growTries = 0;
    growFailed = false;
    changed = true;
    changedNanos = now;
    switches++;
  }

  private static boolean isClearlyBetter(Candidate one, Candidate other) {
    return one.answers() >= 3
        && one.rttNanos() + PathTimes.MARGIN.toNanos() < other.rttNanos() - other.rttNanos() / 5;
  }

  private Candidate candidate(InetSocketAddress address) {
    Candidate known = candidates.get(address);
    if (known != null) {
      return known;
    }
    if (candidates.size() >= CANDIDATES_MAX) {
      candidates.values().stream()
          .filter(one -> !one.equals(best) && !one.isProven())
          .findFirst()
          .or(() -> candidates.values().stream().filter(one -> !one.equals(best)).findFirst())
          .ifPresent(one -> candidates.remove(one.address));
    }
    Candidate fresh = new Candidate(address);
    candidates.put(address, fresh);
    return fresh;
  }
}
