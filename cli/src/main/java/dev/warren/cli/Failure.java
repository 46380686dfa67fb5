package dev.warren.cli;

/// What a user is told in one plain line: what was tried, with which value, and what would help.
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// The HTTP status that the control plane answered, or 0.
  private final int status;

  Failure(String message) {
    this(message, 0);
  }

  Failure(String message, int status) {
    super(message);
    this.status = status;
  }

  Failure(String message, Throwable cause) {
    super(message, cause);
    this.status = 0;
  }

  /// The message, which is always there.
  String plain() {
    return String.valueOf(getMessage());
  }

  int status() {
    return status;
  }
}
