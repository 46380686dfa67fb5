package dev.warren.server.model;

/// No model can answer. The message says, for the user, what is missing and who mends it.
public final class ModelUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ModelUnavailable(String message) {
    super(message);
  }

  ModelUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
