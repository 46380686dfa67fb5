package dev.warren.llm;

/// A key that must not be seen: its `toString` is `***`. Read it only where it is sent.
public record Secret(String reveal) {
  @Override
  public String toString() {
    return "***";
  }
}
