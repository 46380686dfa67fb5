package dev.warren.tunnel.relay;

import java.util.Locale;

/// Why the relay did not forward a message.
public enum DropReason {
  /// Sender and receiver are not an approved pair.
  UNAPPROVED,
  /// The receiver is not attached.
  ABSENT,
  /// The receiver reads too slowly: its bound was reached, and this was the oldest of the sender
  /// with most there.
  OVERFLOW,
  /// The message is not one: too short, too long, or from a node that has not attached.
  MALFORMED,
  /// The sender says more to others than it may.
  TOO_MANY,
  /// The receiver's link closed while the message was on its way.
  CLOSED;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
