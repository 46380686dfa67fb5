package dev.warren.llm;

import java.util.List;

/// A finished answer.
public record Completion(List<Part> parts, StopReason stopReason, Usage usage) {
  public Completion {
    parts = List.copyOf(parts);
  }

  public enum StopReason {
    /// The model has said what it wanted to.
    STOP,
    /// It waits for the results of its tool calls.
    TOOL_USE,
    /// The output limit cut it.
    LENGTH,
    /// It, or a filter of the provider, declined.
    REFUSAL,
    /// The provider paused a long turn: send the parts back as they are to go on.
    PAUSE
  }
}
