package dev.warren.server;

/// A setting is wrong. The message is one line: which, its value unless that is a secret, and what
/// would be right.
public final class SettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SettingException(Setting setting, String value, String right) {
    super(
        setting.variable()
            + " is wrong"
            + (setting.isSecret() ? ": " : " (" + value + "): ")
            + right);
  }

  SettingException(String message) {
    super(message);
  }
}
