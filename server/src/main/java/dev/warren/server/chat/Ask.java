package dev.warren.server.chat;

import dev.warren.server.approval.Grant;
import java.util.List;
import java.util.UUID;

/// A call that must not start before the user allows it.
///
/// @param reason which rule asks, for people
/// @param grants what "remember" would allow for the rest of the chat
public record Ask(UUID call, String reason, List<Grant> grants) {
  public Ask {
    grants = List.copyOf(grants);
  }
}
