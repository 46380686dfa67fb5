package dev.warren.server.files;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names an attached file.
public record FileId(@JsonValue UUID value) {
  @JsonCreator
  public FileId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
