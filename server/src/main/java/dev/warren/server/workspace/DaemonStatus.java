package dev.warren.server.workspace;

import java.util.Locale;
import java.util.Optional;

/// Whether a workspace's daemon can be reached.
///
/// @param version of the daemon that came in last
public record DaemonStatus(State status, Optional<String> version) {
  /// See the constants.
  public enum State {
    /// It is expected and has not come yet.
    CONNECTING,
    CONNECTED,
    /// It was there and is not, or is not expected.
    DISCONNECTED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
