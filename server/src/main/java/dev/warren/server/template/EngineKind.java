package dev.warren.server.template;

import java.util.Locale;

/// What makes the workspaces of a template.
public enum EngineKind {
  /// A sandbox on the control plane's own host.
  LOCAL,
  /// Any machine: a user installs the daemon there.
  EXTERNAL,
  /// A container.
  DOCKER,
  /// Whatever a Terraform module makes.
  TERRAFORM;

  /// Whether this version can build with it.
  public boolean isAvailable() {
    return switch (this) {
      case LOCAL, EXTERNAL -> true;
      case DOCKER, TERRAFORM -> false;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
