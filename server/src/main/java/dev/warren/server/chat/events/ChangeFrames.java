package dev.warren.server.chat.events;

import dev.warren.protocol.Json;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.QueuedMessage;
import dev.warren.server.chat.Waiting;
import dev.warren.server.chat.events.Cursor.Position;
import dev.warren.server.http.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Makes events from what changed in the database. Each has the id of a reader who has read up to
/// it, so that one who is cut off in the middle goes on there.
final class ChangeFrames {
  private ChangeFrames() {}

  /// What readers know of a chat beside its messages.
  record Known(Chat chat, List<QueuedMessage> queue) {}

  /// @param read how far text in flight was read, by message: at most one of them is not committed
  ///   yet, and the ids keep the place in it
  /// @param known only what differs from it is told; all of it when absent
  static List<Frame> of(
      Cursor from,
      ChatStore.Changes changes,
      Map<MessageId, Position> read,
      Optional<Known> known) {
    List<Frame> frames = new ArrayList<>();
    Cursor at = from.withoutInFlight();
    for (Map.Entry<MessageId, Position> reading : read.entrySet()) {
      at = at.in(reading.getKey(), reading.getValue());
    }
    if (!changes.removed().isEmpty()) {
      ObjectNode data = node();
      data.set("message_ids", Json.STRICT.valueToTree(changes.removed()));
      frames.add(frame(at.event(changes.chat().version(), 0), "removed", data));
    }
    List<ChatMessage> messages =
        changes.messages().stream()
            .filter(message -> !from.covers(message))
            .sorted(Comparator.comparingLong(ChatMessage::seq))
            .toList();
    for (ChatMessage message : messages) {
      boolean isNew = message.insertedVersion() > from.version();
      if (isNew && message.role() == ChatMessage.Role.ASSISTANT) {
        Position position = read.getOrDefault(message.id(), Position.START);
        for (LiveMessage.Piece piece : CommittedText.after(message, position)) {
          frames.add(delta(at, message.id(), piece));
        }
      }
      at = at.within(changes.chat().version(), message);
      frames.add(frame(at.toString(), "message", message.wire()));
    }
    rest(frames, at, changes, known);
    if (!frames.isEmpty()) {
      Frame last = frames.removeLast();
      String end = at.reached(changes.chat().version()).toString();
      frames.add(new Frame(end, last.event(), last.data()));
    }
    return frames;
  }

  /// What has one value: only the newest counts. No two events of a stream have the same id.
  private static void rest(
      List<Frame> frames, Cursor at, ChatStore.Changes changes, Optional<Known> known) {
    Chat now = changes.chat();
    Optional<Chat> then = known.map(Known::chat);
    if (!then.map(Chat::title).equals(Optional.of(now.title()))) {
      frames.add(frame(at.event(now.version(), 1), "title", node().put("title", now.title())));
    }
    if (!then.map(Chat::workspaceId).equals(Optional.of(now.workspaceId()))
        || !then.map(Chat::instructions).equals(Optional.of(now.instructions()))) {
      ObjectNode data = node().put("instructions", now.instructions());
      now.workspaceId().ifPresent(value -> data.put("workspace_id", value.toString()));
      frames.add(frame(at.event(now.version(), 2), "workspace", data));
    }
    if (!then.map(Chat::totalUsage).equals(Optional.of(now.totalUsage()))
        || !then.map(Chat::context).equals(Optional.of(now.context()))
        || !then.map(Chat::budget).equals(Optional.of(now.budget()))) {
      ObjectNode data = node();
      data.set("usage", Json.STRICT.valueToTree(now.totalUsage()));
      data.set("context", Json.STRICT.valueToTree(now.context()));
      now.budgetNode().ifPresent(value -> data.set("budget", value));
      frames.add(frame(at.event(now.version(), 3), "usage", data));
    }
    if (!known.map(Known::queue).equals(Optional.of(changes.queue()))) {
      ObjectNode data = node();
      data.set("queued", Json.STRICT.valueToTree(changes.queue()));
      frames.add(frame(at.event(now.version(), 4), "queue", data));
    }
    if (!then.map(Chat::status).equals(Optional.of(now.status()))
        || !then.map(Chat::lastError).equals(Optional.of(now.lastError()))
        || !then.map(chat -> chat.approvals().asked())
            .equals(Optional.of(now.approvals().asked()))) {
      frames.add(frame(at.event(now.version(), 5), "status", status(now, changes.waiting())));
    }
  }

  /// Where the chat's work stands, and what of it waits for the user.
  static ObjectNode status(Chat chat, Waiting waiting) {
    ObjectNode data = node().put("status", chat.status().toString());
    chat.lastError().ifPresent(error -> data.put("last_error", error));
    if (!waiting.approvals().isEmpty()) {
      data.set("approvals", Json.STRICT.valueToTree(waiting.approvals()));
    }
    waiting.place().ifPresent(place -> data.put("queue_position", place));
    return data;
  }

  static Frame delta(Cursor at, MessageId message, LiveMessage.Piece piece) {
    return new Frame(
        at.in(message, piece.end()).toString(),
        "delta",
        DeltaJson.encode(message, piece.part(), piece.kind(), piece.call(), piece.text()));
  }

  static Frame frame(String id, String event, ObjectNode data) {
    return new Frame(id, event, Json.STRICT.writeValueAsBytes(data));
  }

  static Frame passing(String id, LiveUpdate.Passing update) {
    return switch (update) {
      case LiveUpdate.Retry(int attempt, long inMs, String reason) ->
          frame(
              id, "retry", node().put("attempt", attempt).put("in_ms", inMs).put("reason", reason));
      case LiveUpdate.Compacting(String cause) ->
          frame(id, "compacting", node().put("cause", cause));
      case LiveUpdate.ToolOutput(var message, int part, String text) ->
          new Frame(
              id,
              "delta",
              DeltaJson.encode(
                  new MessageId(message), part, "tool_output", Optional.empty(), text));
    };
  }

  static ObjectNode node() {
    return Json.STRICT.createObjectNode();
  }
}
