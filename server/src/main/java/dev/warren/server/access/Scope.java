package dev.warren.server.access;

import java.util.Locale;

/// What a credential is good for. A session's is `ALL`.
public enum Scope {
  ALL,
  /// Reading only.
  READ,
  /// Workspaces, their builds and the tunnel to them; nothing of chats or administration.
  WORKSPACES;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
