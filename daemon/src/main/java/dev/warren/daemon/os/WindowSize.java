package dev.warren.daemon.os;

/// A terminal's size in characters, from 1 to 1,000 each way.
public record WindowSize(int columns, int rows) {
  private static final int MAX = 1_000;

  public WindowSize {
    if (columns < 1 || columns > MAX || rows < 1 || rows > MAX) {
      throw new IllegalArgumentException(
          "a terminal of %d columns and %d rows; 1 to %d each".formatted(columns, rows, MAX));
    }
  }
}
