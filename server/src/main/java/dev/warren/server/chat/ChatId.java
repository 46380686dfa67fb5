package dev.warren.server.chat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a chat.
public record ChatId(@JsonValue UUID value) {
  @JsonCreator
  public ChatId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
