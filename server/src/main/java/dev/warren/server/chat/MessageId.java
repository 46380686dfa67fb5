package dev.warren.server.chat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a message.
public record MessageId(@JsonValue UUID value) {
  @JsonCreator
  public MessageId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
