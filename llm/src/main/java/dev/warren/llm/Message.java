package dev.warren.llm;

import java.util.List;

/// One turn of a conversation. A `TOOL` message holds the results of the assistant message before
/// it, in call order.
public record Message(Role role, List<Part> parts) {
  public Message {
    parts = List.copyOf(parts);
  }

  public enum Role {
    USER,
    ASSISTANT,
    TOOL
  }
}
