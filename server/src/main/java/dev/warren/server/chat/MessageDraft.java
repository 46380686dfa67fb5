package dev.warren.server.chat;

import dev.warren.protocol.UuidV7;
import dev.warren.server.model.ModelId;
import java.util.List;
import java.util.Optional;

/// A message that is about to be committed.
///
/// @param finish present when the turn ends with it
public record MessageDraft(
    MessageId id,
    ChatMessage.Role role,
    List<StoredPart> parts,
    Optional<Finish> finish,
    Optional<ModelId> modelId,
    Optional<ChatMessage.MessageUsage> usage) {
  public MessageDraft {
    parts = List.copyOf(parts);
  }

  /// @param modelId the model that is to answer it and what follows
  public static MessageDraft user(List<StoredPart> parts, Optional<ModelId> modelId) {
    return user(new MessageId(UuidV7.next()), parts, modelId);
  }

  /// @param id of the message; while it waits in the queue, it goes by the same id
  public static MessageDraft user(MessageId id, List<StoredPart> parts, Optional<ModelId> modelId) {
    return new MessageDraft(
        id, ChatMessage.Role.USER, parts, Optional.empty(), modelId, Optional.empty());
  }

  /// A summary of all that the model was sent so far.
  ///
  /// @param ends the turn; else it goes on
  /// @param modelId that wrote it, if one did
  public static MessageDraft summary(
      List<StoredPart> parts,
      boolean ends,
      Optional<ModelId> modelId,
      Optional<ChatMessage.MessageUsage> usage) {
    return new MessageDraft(
        new MessageId(UuidV7.next()),
        ChatMessage.Role.SUMMARY,
        parts,
        ends ? Optional.of(Finish.STOP) : Optional.empty(),
        modelId,
        usage);
  }

  public static MessageDraft results(List<StoredPart.ToolResult> results) {
    return new MessageDraft(
        new MessageId(UuidV7.next()),
        ChatMessage.Role.TOOL,
        List.copyOf(results),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
