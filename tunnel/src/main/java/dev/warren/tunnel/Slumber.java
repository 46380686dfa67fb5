package dev.warren.tunnel;

/// Whether this machine has slept: its wall clock is then ahead of its running time by more than
/// before.
final class Slumber {
  /// A clock that is set moves less.
  private static final long SLEPT_MS = 5_000;

  private boolean looked;
  private long aheadMs;

  /// Whether it has slept since this was asked last.
  boolean ended(long wallMs, long runningNanos) {
    long ahead = wallMs - runningNanos / 1_000_000;
    boolean slept = looked && ahead - aheadMs > SLEPT_MS;
    looked = true;
    aheadMs = ahead;
    return slept;
  }
}
