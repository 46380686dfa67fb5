package dev.warren.scripted;

/// A request that the provider would refuse.
final class BadRequest extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;

  BadRequest(String message) {
    this(400, "invalid_request_error", message);
  }

  BadRequest(int status, String type, String message) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
