package dev.warren.server.chat.events;

import dev.warren.protocol.Json;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.PendingApproval;
import dev.warren.server.chat.events.Cursor.Position;
import dev.warren.server.http.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Makes what a reader gets first: all there is, or what it lacks since it was last here.
final class AttachFrames {
  /// Messages in a snapshot.
  static final int SNAPSHOT_MESSAGES = 50;

  /// A reader that lacks more messages than this gets a snapshot.
  static final int MESSAGES_MAX = 200;

  private AttachFrames() {}

  /// Whether these changes are all that a reader at `from` lacks.
  static boolean reach(ChatStore.Changes changes, Cursor from) {
    return !changes.cut() && changes.chat().version() >= from.version();
  }

  /// All there is.
  ///
  /// @param event a number that no other event in place has, for what may follow
  static List<Frame> snapshot(ChatStore.State state, Optional<LiveMessage> open, long event) {
    ObjectNode data = ChangeFrames.node();
    data.set("chat", state.chat().wire(state.waiting().place()));
    data.set("messages", Json.STRICT.valueToTree(state.messages()));
    data.set("queued", Json.STRICT.valueToTree(state.queue()));
    List<PendingApproval> approvals = state.waiting().approvals();
    if (!approvals.isEmpty()) {
      data.set("approvals", Json.STRICT.valueToTree(approvals));
    }
    Cursor at = Cursor.at(state.chat().version());
    if (open.isPresent()) {
      data.set("in_flight", open.get().wire());
      at = at.in(open.get().id(), open.get().position());
    }
    List<Frame> frames = new ArrayList<>();
    frames.add(ChangeFrames.frame(at.toString(), "snapshot", data));
    if (!approvals.isEmpty()) {
      ObjectNode status = ChangeFrames.status(state.chat(), state.waiting());
      frames.add(ChangeFrames.frame(at.inPlace(state.chat().version(), event), "status", status));
    }
    return frames;
  }

  static List<Frame> rest(Cursor from, ChatStore.Changes changes, Optional<LiveMessage> open) {
    List<Frame> frames = new ArrayList<>();
    Map<MessageId, Position> read = new HashMap<>();
    if (from.inFlight().isPresent()) {
      MessageId reading = from.inFlight().get().message();
      boolean committed =
          changes.messages().stream().anyMatch(message -> message.id().equals(reading));
      boolean alive =
          open.filter(live -> live.id().equals(reading))
              .filter(live -> !from.of(reading).isAfter(live.position()))
              .isPresent();
      if (committed || alive) {
        read.put(reading, from.of(reading));
      } else {
        ObjectNode data = ChangeFrames.node().put("message_id", reading.toString());
        frames.add(ChangeFrames.frame(from.withoutInFlight().toString(), "reset", data));
      }
    }
    if (changes.chat().version() > from.version()) {
      frames.addAll(ChangeFrames.of(from, changes, read, Optional.empty()));
    }
    open.ifPresent(live -> {
      Position known = from.of(live.id());
      Position start = known.isAfter(live.position()) ? Position.START : known;
      frames.addAll(growth(changes.chat().version(), live, start));
    });
    return frames;
  }

  /// What readers at this version lack of a live message.
  static List<Frame> growth(long version, LiveMessage live, Position from) {
    return live.after(from).stream()
        .map(piece -> ChangeFrames.delta(Cursor.at(version), live.id(), piece))
        .toList();
  }
}
