package dev.warren.tunnel.relay;

/// A bucket of tokens that fills at a steady rate. Not thread-safe.
public final class Allowance {
  private final double most;
  private final double perNano;
  private double tokens;
  private long filledNanos;

  public Allowance(double most, double perSecond, long nowNanos) {
    this.most = most;
    this.perNano = perSecond / 1e9;
    this.tokens = most;
    this.filledNanos = nowNanos;
  }

  /// Takes one, if there is one.
  public boolean tryTake(long nowNanos) {
    tokens = Math.min(most, tokens + (nowNanos - filledNanos) * perNano);
    filledNanos = nowNanos;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
