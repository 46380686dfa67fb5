package dev.warren.server.replica;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a control plane on the database.
public record ReplicaId(@JsonValue UUID value) {
  @JsonCreator
  public ReplicaId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
