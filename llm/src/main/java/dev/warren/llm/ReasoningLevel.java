package dev.warren.llm;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// How much a model is to think before it answers: in words that every wire format has a form for.
/// Which of them a model takes stands in the catalogue.
public enum ReasoningLevel {
  OFF,
  MINIMAL,
  LOW,
  MEDIUM,
  HIGH,
  XHIGH,
  MAX;

  /// The level of this name, if it is one.
  public static Optional<ReasoningLevel> of(String name) {
    return Stream.of(values()).filter(level -> level.toString().equals(name)).findFirst();
  }

  /// What models that are given a number of tokens to think with get. Nought turns thinking off.
  public int tokens() {
    return switch (this) {
      case OFF -> 0;
      case MINIMAL -> 1_024;
      case LOW -> 4_096;
      case MEDIUM -> 10_240;
      case HIGH, XHIGH, MAX -> 24_576;
    };
  }

  /// OpenAI's word for it, which most others took over.
  public String effort() {
    return this == OFF ? "none" : toString();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
