package dev.warren.tunnel.path;

import dev.warren.tunnel.path.PathSelector.Action;
import dev.warren.tunnel.path.SimulatedNetwork.Side;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Two path selectors that talk over a simulated network and a simulated relay, in virtual time.
/// Each end sends a numbered datagram every 20 ms while it is busy; it is known which ones arrived.
final class PathSimulation {
  static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  static final long SECOND = 1_000 * MS;
  private static final long TICK = 50 * MS;
  private static final long SEND = 20 * MS;
  private static final long RELAY_DELAY = 30 * MS;

  private record Event(long at, long order, Runnable what) {}

  /// One end.
  final class End {
    final Side side;
    final PathSelector selector;
    final Freshness freshness = new Freshness();
    final List<Long> sentAt = new ArrayList<>();
    final List<Boolean> arrived = new ArrayList<>();
    long relayed;
    long direct;
    boolean relayUp = true;

    End(Side side, boolean introduces, int bytesMax) {
      this.side = side;
      this.selector = new PathSelector(introduces, () -> bytesMax);
    }

    private End peer() {
      return this == dialer ? target : dialer;
    }

    private void sendData() {
      int number = sentAt.size();
      sentAt.add(now);
      arrived.add(false);
      switch (selector.route(now)) {
        case Route.Relayed() -> byRelay(number);
        case Route.Direct(InetSocketAddress to) -> straight(to, number);
        case Route.Both(InetSocketAddress to) -> {
          straight(to, number);
          byRelay(number);
        }
      }
    }

    private void straight(InetSocketAddress to, int number) {
      direct++;
      transmit(
          to,
          selector.payloadBytes(),
          from -> {
            if (peer().selector.received(from, now)) {
              arrived.set(number, true);
            }
          });
    }

    private void byRelay(int number) {
      relayed++;
      if (relayUp && peer().relayUp) {
        at(now + RELAY_DELAY, () -> arrived.set(number, true));
      }
    }

    private void act(List<Action> actions) {
      for (Action action : actions) {
        switch (action) {
          case Action.Ping(InetSocketAddress to, long sequence, int bytes) ->
              transmit(to, bytes, from -> peer().pinged(from, sequence));
          case Action.Meet() -> introduce();
        }
      }
    }

    private void introduce() {
      List<InetSocketAddress> addresses = List.of(side.outside(), side.inside());
      if (relayUp && peer().relayUp) {
        at(now + RELAY_DELAY, () -> peer().met(addresses, this == dialer));
      }
    }

    private void met(List<InetSocketAddress> addresses, boolean fromDialer) {
      selector.met(addresses, now);
      if (fromDialer) {
        introduce();
      }
    }

    private void pinged(InetSocketAddress from, long sequence) {
      if (freshness.isFresh(sequence)) {
        transmit(from, 100, seen -> peer().answered(seen, sequence));
        act(selector.pinged(from, now));
      }
    }

    private void answered(InetSocketAddress from, long sequence) {
      selector.answered(from, sequence, now);
    }

    private void transmit(
        InetSocketAddress to, int bytes, java.util.function.Consumer<InetSocketAddress> arrives) {
      SimulatedNetwork.Fate fate = network.send(side, to, bytes);
      for (long after : fate.afterNanos()) {
        at(now + after, () -> arrives.accept(fate.from()));
      }
    }

    /// Datagrams sent in this time that did not arrive, in parts of a hundred.
    double lostPercent(long from, long until) {
      int all = 0;
      int lost = 0;
      for (int i = 0; i < sentAt.size(); i++) {
        if (sentAt.get(i) >= from && sentAt.get(i) < until) {
          all++;
          lost += arrived.get(i) ? 0 : 1;
        }
      }
      return all == 0 ? 0 : 100.0 * lost / all;
    }
  }

  final SimulatedNetwork network;
  final End dialer;
  final End target;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private long order;
  private boolean busy = true;
  long now = 1;

  PathSimulation(SimulatedNetwork network, Random random, int bytesMax) {
    this.network = network;
    this.dialer = new End(network.one, true, bytesMax);
    this.target = new End(network.other, false, bytesMax);
    repeat(random.nextLong(TICK), TICK, () -> dialer.act(dialer.selector.tick(now)));
    repeat(random.nextLong(TICK), TICK, () -> target.act(target.selector.tick(now)));
    repeat(random.nextLong(SEND), SEND, () -> ifBusy(dialer));
    repeat(random.nextLong(SEND), SEND, () -> ifBusy(target));
  }

  /// Lets so much time pass.
  void run(long nanos) {
    long end = now + nanos;
    while (true) {
      Event next = events.peek();
      if (next == null || next.at() > end) {
        now = end;
        return;
      }
      events.remove();
      now = next.at();
      next.what().run();
    }
  }

  /// Whether both ends have something to send.
  void busy(boolean isBusy) {
    busy = isBusy;
  }

  boolean bothDirect() {
    return isDirect(dialer) && isDirect(target);
  }

  boolean isDirect(End end) {
    return end.selector.route(now) instanceof Route.Direct;
  }

  private void ifBusy(End end) {
    if (busy) {
      end.sendData();
    }
  }

  private void repeat(long first, long every, Runnable what) {
    at(
        now + first,
        () -> {
          what.run();
          repeat(every, every, what);
        });
  }

  private void at(long when, Runnable what) {
    events.add(new Event(when, order++, what));
  }
}
