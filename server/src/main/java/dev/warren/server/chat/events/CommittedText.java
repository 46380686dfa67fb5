package dev.warren.server.chat.events;

import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.chat.events.Cursor.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Cuts from a committed message what a reader of its deltas still lacks.
final class CommittedText {
  private CommittedText() {}

  static List<LiveMessage.Piece> after(ChatMessage message, Position from) {
    List<LiveMessage.Piece> pieces = new ArrayList<>();
    int visible = 0;
    for (StoredPart part : message.parts()) {
      if (part instanceof StoredPart.ProviderItem) {
        continue;
      }
      if (visible >= from.part()) {
        piece(part, visible, visible == from.part() ? from.offset() : 0).ifPresent(pieces::add);
      }
      visible++;
    }
    return pieces;
  }

  private static Optional<LiveMessage.Piece> piece(StoredPart part, int visible, int from) {
    return switch (part) {
      case StoredPart.Text text -> piece(visible, "text", Optional.empty(), text.text(), from);
      case StoredPart.Reasoning reasoning ->
          piece(visible, "reasoning", Optional.empty(), reasoning.text(), from);
      case StoredPart.ToolCall call ->
          piece(
              visible,
              "tool_input",
              from == 0
                  ? Optional.of(new DeltaJson.Call(call.id(), call.name()))
                  : Optional.empty(),
              call.rawInput(),
              from);
      case StoredPart.ToolResult result -> Optional.empty();
      case StoredPart.File file -> Optional.empty();
      case StoredPart.Source source -> Optional.empty();
      case StoredPart.ProviderItem item -> Optional.empty();
    };
  }

  private static Optional<LiveMessage.Piece> piece(
      int visible, String kind, Optional<DeltaJson.Call> call, String text, int from) {
    if (from >= text.length() && call.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new LiveMessage.Piece(
            visible,
            kind,
            call,
            text.substring(Math.min(from, text.length())),
            new Position(visible, text.length())));
  }
}
