package dev.warren.daemon;

import dev.warren.protocol.Problem;
import java.util.List;

/// A request that is answered with a problem. Its stack is not kept: it is an answer, not a fault.
public final class DaemonException extends RuntimeException {
  private final transient Problem problem;

  public DaemonException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /// @param type one of [dev.warren.protocol.daemon.DaemonProblems], or `about:blank`
  public DaemonException(int status, String type, String title, String detail) {
    this(new Problem(type, title, status, detail, List.of()));
  }

  public static DaemonException badInput(String field, String detail) {
    return new DaemonException(
        new Problem(
            "about:blank",
            "Bad input",
            400,
            field + ": " + detail,
            List.of(new Problem.FieldError(field, detail))));
  }

  public static DaemonException notFound(String detail) {
    return new DaemonException(404, "about:blank", "Not found", detail);
  }

  public static DaemonException conflict(String type, String detail) {
    return new DaemonException(409, type, "Conflict", detail);
  }

  public Problem problem() {
    return problem;
  }
}
