package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.Outcome;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.time.Duration;
import java.util.Optional;

/// Ends a call that a user interrupted, and says how far it got.
final class Cancellation {
  /// SIGTERM, a second, SIGKILL, and the way there and back.
  static final Duration WITHIN = Duration.ofSeconds(4);

  private Cancellation() {}

  /// Of a change of files.
  static ToolResult ofChange(Daemons daemons, ToolContext context) throws InterruptedException {
    Optional<Outcome> outcome = cancel(daemons, context);
    if (outcome.isEmpty()) {
      return storeLost();
    }
    return switch (outcome.get().state()) {
      case DONE -> ToolResult.error("The user interrupted, but the change was already made.");
      case ABSENT, CANCELLED -> ToolResult.error("The user interrupted; nothing was changed.");
      case RUNNING, UNKNOWN ->
          ToolResult.unknown("The user interrupted; whether the change was made is not known.");
    };
  }

  /// The call went to a store that is gone: nothing is left to end, and nobody can say how far it
  /// got.
  static ToolResult storeLost() {
    return ToolResult.unknown(
        "The user interrupted, and the workspace was rebuilt or lost its disk since the call was"
            + " sent; how far it got is not known.");
  }

  /// Absent when the store on which the call may have taken effect is gone.
  static Optional<Outcome> cancel(Daemons daemons, ToolContext context)
      throws InterruptedException {
    return WorkspaceCall.begin(daemons, context)
        .end((daemon, effect) -> daemon.cancel(context.callId(), effect, WITHIN));
  }
}
