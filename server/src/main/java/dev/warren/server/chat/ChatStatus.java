package dev.warren.server.chat;

import java.util.Locale;

/// Where a chat's work stands.
public enum ChatStatus {
  /// Work waits for a worker.
  PENDING,
  /// A worker owns the chat.
  RUNNING,
  /// Its owner was told to stop.
  INTERRUPTING,
  /// A tool call waits for a decision of the user.
  REQUIRES_ACTION,
  /// The user's turn.
  WAITING,
  /// The last turn failed; the next message starts another.
  ERROR;

  /// Whether there is work that a user may interrupt.
  public boolean busy() {
    return switch (this) {
      case PENDING, RUNNING, INTERRUPTING, REQUIRES_ACTION -> true;
      case WAITING, ERROR -> false;
    };
  }

  /// Whether a worker owns the chat.
  public boolean owned() {
    return this == RUNNING || this == INTERRUPTING;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
