package dev.warren.server.workspace;

import java.util.Locale;

/// How far a build is.
public enum BuildStatus {
  PENDING,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELING,
  CANCELED;

  /// Whether it is still to end; a workspace has at most one such build.
  public boolean isActive() {
    return switch (this) {
      case PENDING, RUNNING, CANCELING -> true;
      case SUCCEEDED, FAILED, CANCELED -> false;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
