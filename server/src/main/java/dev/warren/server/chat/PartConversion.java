package dev.warren.server.chat;

import dev.warren.llm.Part;
import dev.warren.server.chat.StoredPart.ProviderItem;

/// Turns parts as models give them into parts as they are stored, and back. What is stored of a
/// file is its id; its content is looked up by whoever asks a model.
public final class PartConversion {
  private PartConversion() {}

  public static StoredPart stored(Part part) {
    return switch (part) {
      case Part.Text text -> new StoredPart.Text(text.text(), text.opaque());
      case Part.Reasoning reasoning ->
          new StoredPart.Reasoning(reasoning.text(), reasoning.opaque());
      case Part.ToolCall call ->
          new StoredPart.ToolCall(
              call.id(),
              call.name(),
              call.input(),
              call.rawInput(),
              call.providerExecuted(),
              call.opaque());
      case Part.ToolResult result ->
          new StoredPart.ToolResult(
              result.callId(), result.name(), result.output(), result.error(), 0, result.opaque());
      case Part.Source source ->
          new StoredPart.Source(source.url(), source.title(), source.opaque());
      case Part.ProviderItem item -> new ProviderItem(item.item());
      case Part.File file ->
          throw new IllegalArgumentException(
              "a model gave a file, which is not stored: " + file.name());
    };
  }

  /// @throws IllegalArgumentException for a file, whose content is not here
  public static Part model(StoredPart part) {
    return switch (part) {
      case StoredPart.Text text -> new Part.Text(text.text(), text.opaque());
      case StoredPart.Reasoning reasoning ->
          new Part.Reasoning(reasoning.text(), reasoning.opaque());
      case StoredPart.ToolCall call ->
          new Part.ToolCall(
              call.id(),
              call.name(),
              call.input(),
              call.rawInput(),
              call.providerExecuted(),
              call.opaque());
      case StoredPart.ToolResult result ->
          new Part.ToolResult(
              result.callId(), result.name(), result.output(), result.error(), result.opaque());
      case StoredPart.Source source ->
          new Part.Source(source.url(), source.title(), source.opaque());
      case ProviderItem item -> new Part.ProviderItem(item.item());
      case StoredPart.File file ->
          throw new IllegalArgumentException("the content of " + file.fileId() + " is not here");
    };
  }
}
