package dev.warren.server.chat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a message that waits in a chat's queue.
public record QueuedId(@JsonValue UUID value) {
  @JsonCreator
  public QueuedId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
