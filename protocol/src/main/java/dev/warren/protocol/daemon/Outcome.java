package dev.warren.protocol.daemon;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// What the daemon's outcome store knows of an effect: `GET /v1/outcomes/{id}`.
///
/// `DELETE /v1/outcomes/{id}` acknowledges it: its caller has the result and never starts it again,
/// so the store may drop it early. `POST /v1/outcomes/{id}/cancel` ends it: what was never started
/// never will be (a later start is refused), a running command's tree is ended (SIGTERM, then
/// SIGKILL after a second), what is done stays done; the answer is the outcome after that.
///
/// @param process the command, for one that was accepted
/// @param answer of a file mutation that is done: the body of its first answer
public record Outcome(
    UUID id, State state, Optional<ProcessState> process, Optional<JsonNode> answer) {

  public enum State {
    /// This store never accepted it: it has not taken effect, and may be started.
    ABSENT,
    RUNNING,
    DONE,
    /// It never took effect and never will.
    CANCELLED,
    /// It was accepted; whether and how far it took effect cannot be known.
    UNKNOWN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
