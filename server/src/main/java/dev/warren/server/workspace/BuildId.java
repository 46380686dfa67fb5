package dev.warren.server.workspace;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a build of a workspace.
public record BuildId(@JsonValue UUID value) {
  @JsonCreator
  public BuildId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
