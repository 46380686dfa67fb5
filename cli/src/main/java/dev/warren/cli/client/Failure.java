package dev.warren.cli.client;

/// What a user is told in one plain line: what was tried, with which value, and what would help.
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// The HTTP status that the control plane answered, or 0.
  private final int status;

  public Failure(String message) {
    this(message, 0);
  }

  public Failure(String message, int status) {
    super(message);
    this.status = status;
  }

  public Failure(String message, Throwable cause) {
    super(message, cause);
    this.status = 0;
  }

  /// The message, which is always there.
  public String plain() {
    return String.valueOf(getMessage());
  }

  public int status() {
    return status;
  }
}
