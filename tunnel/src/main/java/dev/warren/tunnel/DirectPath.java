package dev.warren.tunnel;

import dev.warren.tunnel.path.Freshness;
import dev.warren.tunnel.path.PathSelector;
import dev.warren.tunnel.path.ProbeKeys;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A peer as direct paths know it. On the event loop.
final class DirectPath {
  private static final long ANSWER_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

  final Peer peer;
  final PathSelector selector;

  /// Where the peer has proved to be.
  final Set<InetSocketAddress> authentic = new HashSet<>();

  final Freshness freshness = new Freshness();
  @Nullable ProbeKeys keys;
  private byte[] peerKey = {};
  boolean ticking;
  private boolean met;
  private long metNanos;

  /// Whether the peer has answered an introduction, or sent one.
  boolean introduced;

  DirectPath(Peer peer, PathSelector selector) {
    this.peer = peer;
    this.selector = selector;
  }

  /// It is being told where this node is.
  void meets(long now) {
    met = true;
    metNanos = now;
  }

  /// Whether it was told so lately that news should follow.
  boolean isMetLately(long now) {
    return met && now - metNanos < TELL_NANOS;
  }

  /// Whether its introduction gets an answer: not each of a flood.
  boolean mayAnswer(long now) {
    return !met || now - metNanos > ANSWER_NANOS;
  }

  /// Takes the peer's key.
  ///
  /// @return whether it is another one than before
  boolean changesKey(byte[] key) {
    if (Arrays.equals(key, peerKey)) {
      return false;
    }
    peerKey = key;
    return true;
  }
}
