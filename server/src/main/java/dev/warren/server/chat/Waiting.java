package dev.warren.server.chat;

import java.util.List;
import java.util.Optional;

/// What a chat waits for: the user's decisions, or a worker.
///
/// @param place in the line for a worker while it is pending, 1 for the next one; it is as old as
///   the change that it is told with
public record Waiting(List<PendingApproval> approvals, Optional<Integer> place) {
  public static final Waiting NOTHING = new Waiting(List.of(), Optional.empty());

  public Waiting {
    approvals = List.copyOf(approvals);
  }
}
