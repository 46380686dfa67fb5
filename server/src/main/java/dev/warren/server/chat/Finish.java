package dev.warren.server.chat;

import java.util.Locale;

/// Why an assistant's message is the last of its turn.
public enum Finish {
  STOP,
  LENGTH,
  REFUSAL,
  INTERRUPTED,
  ERROR;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
