package dev.warren.server.workspace;

/// A build that cannot succeed. The message is shown to whoever asked for it: what was tried and
/// what would help.
final class BuildFailure extends Exception {
  private static final long serialVersionUID = 1L;

  BuildFailure(String message) {
    super(message);
  }

  BuildFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
