package dev.warren.protocol.tunnel;

/// What git needs to get in at a host over HTTP.
///
/// @param password or a token; a secret
public record GitLogin(String username, String password) {
  /// Longest part of it, in characters.
  public static final int CHARS_MAX = 4096;

  public GitLogin {
    if (username.length() > CHARS_MAX || password.length() > CHARS_MAX) {
      throw new IllegalArgumentException("a login's part is over " + CHARS_MAX + " characters");
    }
  }

  @Override
  public String toString() {
    return "GitLogin[username=%s, password=***]".formatted(username);
  }
}
