package dev.warren.server.workspace.daemon;

import dev.warren.protocol.Problem;
import java.util.Optional;

/// A request to a daemon that gave no answer to work with.
public final class DaemonCallException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final transient Optional<Problem> problem;

  public enum Kind {
    /// No stream could be opened: the daemon has not seen the request.
    UNREACHED,
    /// The stream broke or the time was over after the request may have arrived.
    UNANSWERED,
    /// The daemon said no; the problem says why.
    REFUSED,
    /// The answer is no HTTP, no JSON as documented, or over a limit.
    MALFORMED
  }

  DaemonCallException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.problem = Optional.empty();
  }

  DaemonCallException(Problem problem) {
    super(problem.detail());
    this.kind = Kind.REFUSED;
    this.problem = Optional.of(problem);
  }

  public Kind kind() {
    return kind;
  }

  /// Of a refusal.
  public Optional<Problem> problem() {
    return problem;
  }

  /// Whether it is a refusal of this type, see [dev.warren.protocol.daemon.DaemonProblems].
  public boolean is(String problemType) {
    return problem.filter(said -> said.type().equals(problemType)).isPresent();
  }

  /// Whether the same request, with the same id, may do better.
  public boolean worthRetrying() {
    return kind == Kind.UNREACHED || kind == Kind.UNANSWERED;
  }
}
