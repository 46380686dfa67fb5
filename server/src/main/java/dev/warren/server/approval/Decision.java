package dev.warren.server.approval;

import java.util.Locale;

/// What happens to a call, from the most lenient to the strictest.
public enum Decision {
  ALLOW,
  /// The user is asked first.
  ASK,
  DENY;

  Decision orStricter(Decision other) {
    return compareTo(other) >= 0 ? this : other;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
