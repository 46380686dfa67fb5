package dev.warren.tunnel;

/// The relay said that this node must not come back: it is unknown, its token is not valid, or it
/// was revoked. Trying again with the same key and token would fail again.
public final class AttachRefused extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  public AttachRefused(int code, String reason) {
    super("the control plane refused this node: %s (code %d)".formatted(reason, code));
    this.code = code;
  }

  /// The same refusal for another waiting thread.
  AttachRefused(AttachRefused first) {
    super(first.getMessage(), first);
    this.code = first.code;
  }

  /// The WebSocket close code.
  public int code() {
    return code;
  }
}
