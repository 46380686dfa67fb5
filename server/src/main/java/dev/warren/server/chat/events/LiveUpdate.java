package dev.warren.server.chat.events;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.warren.protocol.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;

/// What the owner of a chat tells another replica of the message in flight: one line of JSON each,
/// in order. The first one says where things stand.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LiveUpdate.Idle.class, name = "idle"),
  @JsonSubTypes.Type(value = LiveUpdate.Began.class, name = "began"),
  @JsonSubTypes.Type(value = LiveUpdate.Grew.class, name = "grew"),
  @JsonSubTypes.Type(value = LiveUpdate.Committed.class, name = "committed"),
  @JsonSubTypes.Type(value = LiveUpdate.Abandoned.class, name = "abandoned"),
  @JsonSubTypes.Type(value = LiveUpdate.Retry.class, name = "retry"),
  @JsonSubTypes.Type(value = LiveUpdate.Compacting.class, name = "compacting"),
  @JsonSubTypes.Type(value = LiveUpdate.ToolOutput.class, name = "tool_output"),
})
sealed interface LiveUpdate {
  /// Nothing is in flight.
  record Idle() implements LiveUpdate {}

  /// A message is in flight.
  ///
  /// @param afterVersion the chat's version that it follows
  /// @param lease under which it is written
  /// @param soFar all of it that was shown
  record Began(
      UUID message, long seq, Instant createdAt, long afterVersion, long lease, List<Piece> soFar)
      implements LiveUpdate {
    public Began {
      soFar = List.copyOf(soFar);
    }
  }

  record Grew(UUID message, Piece piece) implements LiveUpdate {}

  record Committed(UUID message, long inVersion) implements LiveUpdate {}

  record Abandoned(UUID message) implements LiveUpdate {}

  /// What only those hear who are there: it moves no reader further.
  sealed interface Passing extends LiveUpdate {}

  record Retry(int attempt, long inMs, String reason) implements Passing {}

  /// A summary is being written.
  record Compacting(String cause) implements Passing {}

  /// A preview of what a running call puts out.
  record ToolOutput(UUID message, int part, String text) implements Passing {}

  /// Some text of a part.
  ///
  /// @param from its place in the part, in characters
  /// @param callId of the tool call that begins with it; with its name
  record Piece(
      int part,
      String kind,
      int from,
      String text,
      Optional<UUID> callId,
      Optional<String> callName) {
    static Piece of(LiveMessage.Piece piece) {
      return new Piece(
          piece.part(),
          piece.kind(),
          piece.end().offset() - piece.text().length(),
          piece.text(),
          piece.call().map(DeltaJson.Call::id),
          piece.call().map(DeltaJson.Call::name));
    }
  }

  static LiveUpdate began(LiveMessage message, long afterVersion, long lease) {
    return new Began(
        message.id().value(),
        message.seq(),
        message.createdAt(),
        afterVersion,
        lease,
        message.after(Cursor.Position.START).stream().map(Piece::of).toList());
  }

  default String toJson() {
    return Json.STRICT.writerFor(LiveUpdate.class).writeValueAsString(this);
  }

  /// @throws IllegalArgumentException when it is none
  static LiveUpdate parse(String line) {
    try {
      LiveUpdate update = Json.STRICT.readValue(line, LiveUpdate.class);
      if (update == null) {
        throw new IllegalArgumentException("an update of a message in flight is an object");
      }
      return update;
    } catch (JacksonException e) {
      throw new IllegalArgumentException("no update of a message in flight", e);
    }
  }
}
