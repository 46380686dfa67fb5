package dev.warren.server.model;

/// No model can answer. The message says, for the user, what is missing and who mends it.
public final class ModelUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  ModelUnavailable(String reason) {
    super(reason);
    this.reason = reason;
  }

  ModelUnavailable(String reason, Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  /// The message.
  public String reason() {
    return reason;
  }
}
