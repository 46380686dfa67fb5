package dev.warren.protocol.tunnel;

/// Why the relay ended an attach connection: the WebSocket close code. A node reconnects after each
/// but [#isFinal] ones.
public final class CloseCode {
  /// The relay stops; another will be there soon.
  public static final int RESTARTING = 1012;

  /// The frame was not one of the protocol's, or came at the wrong moment.
  public static final int PROTOCOL = 1002;

  /// Too many attach connections wait for their handshake.
  public static final int BUSY = 1013;

  /// The node is not known, its token is not valid, or it was revoked: it must not come back.
  public static final int REFUSED = 4401;

  /// A newer connection of the same key took over.
  public static final int REPLACED = 4409;

  /// The node did not read, or did not answer, for too long.
  public static final int SILENT = 4408;

  private CloseCode() {}

  /// Whether the same node with the same key and token would be refused again.
  public static boolean isFinal(int code) {
    return code == REFUSED;
  }
}
