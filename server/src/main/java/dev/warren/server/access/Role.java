package dev.warren.server.access;

import java.util.Locale;

/// What a user may do beside working with what is his own.
public enum Role {
  MEMBER,
  /// Pushes templates.
  TEMPLATE_ADMIN,
  /// Reads any chat and the audit log.
  AUDITOR,
  /// Everything but acting in another user's name.
  ADMIN;

  /// Whether any chat, workspace and the audit log may be read.
  public boolean readsAll() {
    return this == ADMIN || this == AUDITOR;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
