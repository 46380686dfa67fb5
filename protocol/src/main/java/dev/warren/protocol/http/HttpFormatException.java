package dev.warren.protocol.http;

import java.io.IOException;

/// A peer's message that is no HTTP/1.1 or goes over a limit. The connection cannot be used on.
public final class HttpFormatException extends IOException {
  private final int status;

  /// @param status what a server answers before it closes: 400, 413, 414, 431, 501 or 505
  public HttpFormatException(int status, String message) {
    super(message);
    this.status = status;
  }

  public int status() {
    return status;
  }
}
