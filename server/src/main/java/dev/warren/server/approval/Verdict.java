package dev.warren.server.approval;

import java.util.List;

/// What the rules say of a call.
///
/// @param reason why it is not simply allowed, for the user or the model; empty when it is
/// @param grants what "remember" would allow for the rest of the chat; empty when nothing can be
///   remembered
public record Verdict(Decision decision, String reason, List<Grant> grants) {
  static final Verdict ALLOWED = new Verdict(Decision.ALLOW, "", List.of());

  public Verdict {
    grants = List.copyOf(grants);
  }
}
