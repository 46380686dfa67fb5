package dev.warren.tunnel;

import java.time.Duration;

/// A node's standing attachment to a relay: it reconnects with backoff until it is refused or
/// closed.
public final class RelayAttachment implements AutoCloseable {
  RelayAttachment() {}

  /// Waits until the node is attached.
  ///
  /// @return false when it is not within the time
  public boolean awaitAttached(Duration within) throws InterruptedException, AttachRefused {
    return within.isPositive() && isAttached();
  }

  public boolean isAttached() {
    return false;
  }

  /// Since when it has not been attached; zero while it is.
  public Duration detachedFor() {
    return Duration.ZERO;
  }

  /// Waits until this attachment is over: closed here, or refused for good.
  public void join() throws InterruptedException, AttachRefused {}

  @Override
  public void close() {}
}
