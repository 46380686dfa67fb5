package dev.warren.tunnel.path;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// A network in which time is a number: two machines behind NATs, loss, delay, reordering,
/// duplication, a largest datagram, and cuts. What is sent arrives, perhaps, as a later event.
final class SimulatedNetwork {
  /// What stands between a machine and the world.
  enum Nat {
    /// A public address.
    NONE,
    /// One outside port for all destinations, and only answers come in.
    EASY,
    /// An outside port for each destination.
    HARD,
    /// No UDP.
    BLOCKED
  }

  /// How bad it is, in parts of a hundred, and how large a datagram may be.
  record Weather(int lost, int doubled, long delayNanos, long jitterNanos, int bytesMax) {}

  /// One side's machine and NAT.
  static final class Side {
    private final int number;
    private Nat nat;
    private InetSocketAddress inside;
    private InetSocketAddress outside;
    private int nextPort = 40_000;
    private final Map<InetSocketAddress, InetSocketAddress> hard = new HashMap<>();
    private final Map<Integer, InetSocketAddress> back = new HashMap<>();
    private final Set<InetSocketAddress> opened = new HashSet<>();

    Side(int number, Nat nat) {
      this.number = number;
      move(nat);
    }

    /// Another network: other addresses, and no way in that was open.
    void move(Nat to) {
      nat = to;
      int place = nextPort++;
      inside = address("10.%d.%d.2".formatted(number, place % 200), 5000);
      outside =
          nat == Nat.NONE
              ? inside
              : address("198.51.%d.%d".formatted(number, place % 200), 30_000 + place % 1000);
      rebind();
    }

    /// The NAT forgets.
    void rebind() {
      hard.clear();
      back.clear();
      opened.clear();
      if (nat == Nat.EASY) {
        outside = new InetSocketAddress(outside.getAddress(), nextPort++);
      }
    }

    InetSocketAddress inside() {
      return inside;
    }

    /// What somebody outside who is asked sees; of no use behind a hard NAT.
    InetSocketAddress outside() {
      return nat == Nat.HARD ? new InetSocketAddress(outside.getAddress(), 1) : outside;
    }

    private InetSocketAddress leave(InetSocketAddress to) {
      opened.add(to);
      if (nat != Nat.HARD) {
        return outside;
      }
      return hard.computeIfAbsent(
          to,
          key -> {
            InetSocketAddress mapped = new InetSocketAddress(outside.getAddress(), nextPort++);
            back.put(mapped.getPort(), to);
            return mapped;
          });
    }

    private boolean admits(InetSocketAddress from, InetSocketAddress to) {
      return switch (nat) {
        case NONE -> to.equals(inside);
        case EASY -> to.equals(outside) && opened.contains(from);
        case HARD ->
            to.getAddress().equals(outside.getAddress()) && from.equals(back.get(to.getPort()));
        case BLOCKED -> false;
      };
    }
  }

  private final Random random;
  private Weather weather;
  private boolean cut;
  final Side one;
  final Side other;

  SimulatedNetwork(Random random, Nat one, Nat other, Weather weather) {
    this.random = random;
    this.one = new Side(1, one);
    this.other = new Side(2, other);
    this.weather = weather;
  }

  void cut(boolean isCut) {
    cut = isCut;
  }

  boolean isCut() {
    return cut;
  }

  void weather(Weather now) {
    weather = now;
  }

  /// What becomes of a datagram: from where it seems to come, and after which times it arrives.
  record Fate(InetSocketAddress from, long[] afterNanos) {}

  Fate send(Side from, InetSocketAddress to, int bytes) {
    Side target = from == one ? other : one;
    if (cut || from.nat == Nat.BLOCKED || bytes > weather.bytesMax()) {
      return new Fate(from.inside(), new long[0]);
    }
    InetSocketAddress seen = from.leave(to);
    if (!target.admits(seen, to) || random.nextInt(100) < weather.lost()) {
      return new Fate(seen, new long[0]);
    }
    int copies = random.nextInt(100) < weather.doubled() ? 2 : 1;
    long[] after = new long[copies];
    for (int i = 0; i < copies; i++) {
      after[i] = weather.delayNanos() + (long) (random.nextDouble() * weather.jitterNanos());
    }
    return new Fate(seen, after);
  }

  /// Whether probes can get through between these two, once both try.
  static boolean canMeet(Nat one, Nat other) {
    if (one == Nat.BLOCKED || other == Nat.BLOCKED) {
      return false;
    }
    boolean hopeless =
        (one == Nat.HARD && (other == Nat.HARD || other == Nat.EASY))
            || (other == Nat.HARD && one == Nat.EASY);
    return !hopeless;
  }

  private static InetSocketAddress address(String host, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
