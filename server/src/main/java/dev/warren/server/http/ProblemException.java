package dev.warren.server.http;

import dev.warren.protocol.Problem;
import java.util.Map;

/// An answer that is a problem. Made by [Problems]; carries no stack trace, for it is no fault of
/// ours.
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient Map<String, String> headers;

  ProblemException(Problem problem, Map<String, String> headers) {
    super(problem.status() + " " + problem.detail(), null, false, false);
    this.problem = problem;
    this.headers = Map.copyOf(headers);
  }

  public Problem problem() {
    return problem;
  }

  Map<String, String> headers() {
    return headers;
  }
}
