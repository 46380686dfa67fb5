package dev.warren.server.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a user.
public record UserId(@JsonValue UUID value) {
  @JsonCreator
  public UserId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
