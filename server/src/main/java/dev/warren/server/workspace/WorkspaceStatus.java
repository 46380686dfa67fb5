package dev.warren.server.workspace;

import java.util.Locale;

/// What a workspace is, as its newest build says.
public enum WorkspaceStatus {
  PENDING,
  STARTING,
  RUNNING,
  STOPPING,
  STOPPED,
  DELETING,
  DELETED,
  FAILED;

  static WorkspaceStatus of(Transition transition, BuildStatus status) {
    return switch (status) {
      case PENDING ->
          switch (transition) {
            case START -> PENDING;
            case STOP -> STOPPING;
            case DELETE -> DELETING;
          };
      case RUNNING, CANCELING ->
          switch (transition) {
            case START -> STARTING;
            case STOP -> STOPPING;
            case DELETE -> DELETING;
          };
      case SUCCEEDED ->
          switch (transition) {
            case START -> RUNNING;
            case STOP -> STOPPED;
            case DELETE -> DELETED;
          };
      case FAILED -> FAILED;
      case CANCELED -> STOPPED;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
