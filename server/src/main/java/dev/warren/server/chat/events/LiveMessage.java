package dev.warren.server.chat.events;

import dev.warren.llm.Part;
import dev.warren.llm.StreamEvent;
import dev.warren.protocol.Json;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.PartConversion;
import dev.warren.server.chat.PartJson;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.chat.events.Cursor.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The text of a message that a model is writing. Parts that grow at the same time are shown one
/// after the other, so that a position in the message is a part and an offset. Not thread-safe: its
/// [ChatFeed] guards it.
final class LiveMessage {
  private final MessageId id;
  private final long seq;
  private final Instant createdAt;
  // As the provider counts them.
  private final List<Growing> parts = new ArrayList<>();
  // The part that is shown at present, and what of it was shown.
  private int shownParts;
  private int shownVisible;
  private int shownOffset;

  LiveMessage(MessageId id, long seq, Instant createdAt) {
    this.id = id;
    this.seq = seq;
    this.createdAt = createdAt;
  }

  MessageId id() {
    return id;
  }

  long seq() {
    return seq;
  }

  Instant createdAt() {
    return createdAt;
  }

  Position position() {
    return new Position(shownVisible, shownOffset);
  }

  boolean shown() {
    return shownVisible > 0 || shownOffset > 0 || started();
  }

  private boolean started() {
    return shownParts < parts.size() && parts.get(shownParts).announced;
  }

  /// Takes in an event, and hands on what can be shown by it.
  void accept(StreamEvent event, Consumer<Piece> show) {
    switch (event) {
      case StreamEvent.Started() -> {
        return;
      }
      case StreamEvent.ToolCallStarted started -> {
        Growing part = part(started.part());
        part.call = new DeltaJson.Call(started.id(), started.name());
        part.kind = StreamEvent.Kind.TOOL_INPUT.toString();
      }
      case StreamEvent.Delta delta -> {
        Growing part = part(delta.part());
        part.kind = delta.kind().toString();
        part.text.append(delta.text());
      }
      case StreamEvent.PartDone done -> part(done.part()).finish(done.value());
    }
    advance(show);
  }

  private Growing part(int index) {
    while (parts.size() <= index) {
      parts.add(new Growing());
    }
    return parts.get(index);
  }

  /// Takes in what the owner of the chat has shown of it, and hands on what is new of that. The
  /// parts are the visible ones only.
  void mirror(LiveUpdate.Piece piece, Consumer<Piece> show) {
    Growing part = part(piece.part());
    for (Growing before : parts.subList(0, piece.part())) {
      before.finishMirrored();
    }
    part.kind = piece.kind();
    if (piece.callId().isPresent()) {
      part.call = new DeltaJson.Call(piece.callId().get(), piece.callName().orElse(""));
    }
    int known = part.text.length() - piece.from();
    if (known >= 0 && known < piece.text().length()) {
      part.text.append(piece.text(), known, piece.text().length());
    }
    advance(show);
  }

  private void advance(Consumer<Piece> show) {
    while (shownParts < parts.size()) {
      Growing part = parts.get(shownParts);
      show(part, shownVisible, shownOffset, show);
      shownOffset = part.text.length();
      if (!part.done) {
        return;
      }
      shownParts++;
      shownVisible += part.hidden ? 0 : 1;
      shownOffset = 0;
    }
  }

  private void show(Growing part, int visible, int from, Consumer<Piece> show) {
    boolean announces = part.call != null && !part.announced;
    if (announces || part.text.length() > from) {
      part.announced |= announces;
      show.accept(
          new Piece(
              visible,
              part.kind,
              announces ? Optional.ofNullable(part.call) : Optional.empty(),
              part.text.substring(from),
              new Position(visible, part.text.length())));
    }
  }

  /// What a reader lacks who has read up to `from`.
  List<Piece> after(Position from) {
    List<Piece> pieces = new ArrayList<>();
    int visible = 0;
    for (int i = 0; i < parts.size() && i <= shownParts; i++) {
      Growing part = parts.get(i);
      if (part.hidden) {
        continue;
      }
      int start = visible == from.part() ? from.offset() : 0;
      int end = i == shownParts ? shownOffset : part.text.length();
      boolean begins = start == 0 && part.call != null && (part.announced || i < shownParts);
      if (visible >= from.part() && (end > start || begins)) {
        pieces.add(
            new Piece(
                visible,
                part.kind,
                begins ? Optional.ofNullable(part.call) : Optional.empty(),
                part.text.substring(Math.min(start, end), end),
                new Position(visible, end)));
      }
      visible++;
    }
    return pieces;
  }

  /// The message as far as it was shown. The input of an unfinished call is its text so far.
  ObjectNode wire() {
    ObjectNode node = Json.STRICT.createObjectNode();
    node.put("id", id.toString()).put("seq", seq).put("role", "assistant");
    ArrayNode shown = node.putArray("parts");
    for (int i = 0; i < parts.size() && i <= shownParts; i++) {
      Growing part = parts.get(i);
      if (part.hidden) {
        continue;
      }
      String text = i == shownParts ? part.text.substring(0, shownOffset) : part.text.toString();
      if (part.value.isPresent()) {
        shown.addAll(PartJson.wire(List.of(PartConversion.stored(part.value.get()))));
      } else if (part.call != null) {
        shown
            .addObject()
            .put("type", "tool_call")
            .put("id", part.call.id().toString())
            .put("name", part.call.name())
            .put("input", text);
      } else if (!text.isEmpty()) {
        shown.addObject().put("type", part.kind).put("text", text);
      }
    }
    return node.put("compressed", false).put("created_at", createdAt.toString());
  }

  /// What is worth keeping when the answer is cut: everything before the first tool call, none of
  /// which was run.
  List<StoredPart> partial() {
    List<StoredPart> kept = new ArrayList<>();
    for (Growing part : parts) {
      if (part.call != null) {
        break;
      }
      if (part.value.isPresent()) {
        kept.add(PartConversion.stored(part.value.get()));
      } else if (part.kind.equals("reasoning")) {
        kept.add(new StoredPart.Reasoning(part.text.toString(), Optional.empty()));
      } else {
        kept.add(StoredPart.Text.of(part.text.toString()));
      }
    }
    return kept;
  }

  /// Some text to show.
  ///
  /// @param end where a reader is who has it
  record Piece(int part, String kind, Optional<DeltaJson.Call> call, String text, Position end) {}

  /// A part that grows.
  private static final class Growing {
    private final StringBuilder text = new StringBuilder();
    private String kind = StreamEvent.Kind.TEXT.toString();
    private DeltaJson.@Nullable Call call;
    private boolean announced;
    private boolean done;
    private boolean hidden;
    private Optional<Part> value = Optional.empty();

    private void finish(Part part) {
      done = true;
      value = Optional.of(part);
      switch (part) {
        case Part.Text whole -> complete("text", whole.text());
        case Part.Reasoning whole -> complete("reasoning", whole.text());
        case Part.ToolCall whole -> {
          call = new DeltaJson.Call(whole.id(), whole.name());
          complete("tool_input", whole.rawInput());
        }
        case Part.ProviderItem item -> hidden = true;
        case Part.ToolResult result -> {}
        case Part.File file -> hidden = true;
        case Part.Source source -> {}
      }
    }

    /// The next part has begun, so this one is whole.
    private void finishMirrored() {
      if (done) {
        return;
      }
      done = true;
      if (call != null) {
        value = Optional.of(mirroredCall(call, text.toString()));
      }
    }

    private static Part mirroredCall(DeltaJson.Call call, String raw) {
      JsonNode input;
      try {
        input = Json.STRICT.readTree(raw.isEmpty() ? "{}" : raw);
      } catch (JacksonException e) {
        input = Json.STRICT.getNodeFactory().stringNode(raw);
      }
      return new Part.ToolCall(call.id(), call.name(), input, raw, false, Optional.empty());
    }

    /// Parts may come whole, without deltas.
    private void complete(String partKind, String whole) {
      kind = partKind;
      if (whole.length() > text.length() && whole.startsWith(text.toString())) {
        text.append(whole, text.length(), whole.length());
      }
    }
  }
}
