package dev.warren.llm;

import java.util.Locale;
import java.util.UUID;

/// What arrives while a model answers. Indexes count the parts of the final message from 0; the
/// deltas of `TEXT` and `REASONING`, put together, are the part's text, those of `TOOL_INPUT` its
/// `rawInput`.
public sealed interface StreamEvent {
  /// The model has begun to answer.
  record Started() implements StreamEvent {}

  /// A tool call begins at `part`; its arguments follow as deltas.
  record ToolCallStarted(int part, UUID id, String name) implements StreamEvent {}

  record Delta(int part, Kind kind, String text) implements StreamEvent {}

  /// The part is complete, as it will stand in [Completion#parts()].
  record PartDone(int part, Part value) implements StreamEvent {}

  enum Kind {
    TEXT,
    REASONING,
    TOOL_INPUT;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
