package dev.warren.server.http;

import dev.warren.server.access.Caller;
import dev.warren.server.access.Role;

/// Who may call a route.
public enum Access {
  /// Anybody; no credentials are looked at.
  OPEN,
  /// Every user. What belongs to another is the handler's to refuse.
  USER,
  /// Those who may push templates.
  TEMPLATE_ADMIN,
  /// Those who may read everything.
  AUDITOR,
  ADMIN;

  boolean admits(Caller caller) {
    return switch (this) {
      case OPEN, USER -> true;
      case TEMPLATE_ADMIN -> caller.role() == Role.TEMPLATE_ADMIN || caller.isAdmin();
      case AUDITOR -> caller.role().readsAll();
      case ADMIN -> caller.isAdmin();
    };
  }
}
