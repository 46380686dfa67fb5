package dev.warren.server.workspace.sandbox;

/// A sandbox that could not be started, stopped or removed. The message is for whoever builds the
/// workspace: what was tried, what the system said and what would help.
public final class SandboxException extends Exception {
  public SandboxException(String message) {
    super(message);
  }

  public SandboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
