package dev.warren.server.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a provider.
public record ProviderId(@JsonValue UUID value) {
  @JsonCreator
  public ProviderId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
