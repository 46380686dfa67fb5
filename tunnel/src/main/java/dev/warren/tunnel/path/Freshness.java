package dev.warren.tunnel.path;

import java.util.TreeSet;

/// Knows a peer's pings that came lately, so that none counts twice. Not thread-safe.
public final class Freshness {
  private static final int REMEMBERED = 64;

  private final TreeSet<Long> seen = new TreeSet<>();

  /// Whether this one is new; older than all that are remembered is not.
  public boolean isFresh(long sequence) {
    if (seen.size() >= REMEMBERED) {
      if (sequence < seen.first()) {
        return false;
      }
      if (seen.add(sequence)) {
        seen.pollFirst();
        return true;
      }
      return false;
    }
    return seen.add(sequence);
  }
}
