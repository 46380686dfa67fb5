package dev.warren.llm;

import java.time.Duration;
import java.util.Optional;

/// A provider failed, in one of a few ways that callers decide on. The message is for people: it
/// says what was tried and what would help, and holds neither keys nor an upstream body.
public final class ProviderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final int status;
  private final transient Optional<Duration> retryAfter;
  private final boolean retryable;

  /// @param status of the HTTP answer, 0 when there was none
  public ProviderException(
      Kind kind, int status, Optional<Duration> retryAfter, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.status = status;
    this.retryAfter = retryAfter;
    this.retryable = kind.retryable();
  }

  public ProviderException(Kind kind, int status, Optional<Duration> retryAfter, String message) {
    this(kind, status, retryAfter, kind.retryable(), message);
  }

  /// @param retryable what the provider itself says of it
  public ProviderException(
      Kind kind, int status, Optional<Duration> retryAfter, boolean retryable, String message) {
    super(message);
    this.kind = kind;
    this.status = status;
    this.retryAfter = retryAfter;
    this.retryable = retryable;
  }

  /// What is told of settings that make no sense.
  public static ProviderException settings(String message) {
    return new ProviderException(Kind.INVALID_REQUEST, 0, Optional.empty(), message);
  }

  public Kind kind() {
    return kind;
  }

  public int status() {
    return status;
  }

  /// Whether the same request may succeed later: by the kind, unless the provider says otherwise.
  public boolean retryable() {
    return retryable;
  }

  /// How long the provider asks to wait.
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }

  public enum Kind {
    RATE_LIMIT(true),
    OVERLOADED(true),
    /// 5xx without a better word.
    SERVER(true),
    /// No connection, or it broke before the answer began.
    NETWORK(true),
    /// The answer ended without its end.
    TRUNCATED(true),
    /// Nothing came for too long.
    SILENCE(true),
    CONTEXT_TOO_LONG(false),
    AUTH(false),
    QUOTA(false),
    MODEL_NOT_FOUND(false),
    INVALID_REQUEST(false),
    CONTENT_FILTER(false);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }

    /// Whether the same request may succeed later.
    public boolean retryable() {
      return retryable;
    }
  }
}
