package dev.warren.server.chat;

/// A change or a read of a chat was refused.
public final class ChatException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  ChatException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public static ChatException notFound(ChatId id) {
    return new ChatException(Kind.NOT_FOUND, "There is no chat " + id + ".");
  }

  static ChatException wrongState(String message) {
    return new ChatException(Kind.WRONG_STATE, message);
  }

  public Kind kind() {
    return kind;
  }

  /// Why.
  public enum Kind {
    /// The chat, message or queued message does not exist for the caller.
    NOT_FOUND,
    /// The chat's state does not allow it.
    WRONG_STATE,
    /// The caller is not the chat's owner any more: it must stop working on it.
    LEASE_LOST,
    /// A limit was hit.
    TOO_MUCH
  }
}
