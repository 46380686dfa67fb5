package dev.warren.server.workspace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a workspace.
public record WorkspaceId(@JsonValue UUID value) {
  @JsonCreator
  public WorkspaceId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
