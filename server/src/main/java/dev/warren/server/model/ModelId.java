package dev.warren.server.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a model.
public record ModelId(@JsonValue UUID value) {
  @JsonCreator
  public ModelId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
