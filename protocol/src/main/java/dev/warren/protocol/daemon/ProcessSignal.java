package dev.warren.protocol.daemon;

/// `POST /v1/processes/{id}/signal`: ends a command's whole process tree.
public record ProcessSignal(Signal signal) {
  public enum Signal {
    SIGTERM,
    SIGKILL
  }
}
