package dev.warren.server.agent.compaction;

import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.StoredPart;

/// Characters of a message as a model is sent it, for estimates.
final class MessageSize {
  /// An image or a short document, in characters' worth of tokens: providers charge up to 1,600
  /// tokens for an image.
  static final long FILE_CHARS = 6_000;

  /// What a part costs beside its text: its type, ids, quotes.
  private static final long PART_CHARS = 30;

  private MessageSize() {}

  static long of(ChatMessage message) {
    return message.parts().stream().mapToLong(MessageSize::of).sum();
  }

  static long of(StoredPart part) {
    return PART_CHARS
        + switch (part) {
          case StoredPart.Text text -> text.text().length();
          // What goes back is the provider's own form of it.
          case StoredPart.Reasoning reasoning -> opaque(part, reasoning.text().length());
          case StoredPart.ToolCall call -> call.name().length() + call.rawInput().length();
          case StoredPart.ToolResult result -> result.output().toString().length();
          case StoredPart.File file -> FILE_CHARS;
          case StoredPart.Source source -> source.url().length() + source.title().length();
          case StoredPart.ProviderItem item -> opaque(part, 0);
        };
  }

  private static long opaque(StoredPart part, long otherwise) {
    return part.opaque().map(own -> (long) own.data().toString().length()).orElse(otherwise);
  }
}
