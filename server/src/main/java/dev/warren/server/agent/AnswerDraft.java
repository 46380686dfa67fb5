package dev.warren.server.agent;

import dev.warren.llm.Completion;
import dev.warren.llm.Part;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.Finish;
import dev.warren.server.chat.MessageDraft;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.PartConversion;
import dev.warren.server.chat.StoredPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the message that is committed of a model's answer.
final class AnswerDraft {
  private AnswerDraft() {}

  /// A whole answer. It ends the turn unless it asks for tools, or to be gone on with.
  static MessageDraft of(AgentModel model, MessageId id, Completion completion) {
    List<StoredPart> stored = new ArrayList<>();
    boolean calls = false;
    for (Part part : completion.parts()) {
      stored.add(PartConversion.stored(part));
      calls |= part instanceof Part.ToolCall call && !call.providerExecuted();
    }
    return new MessageDraft(
        id,
        ChatMessage.Role.ASSISTANT,
        stored,
        calls ? Optional.empty() : finish(completion.stopReason()),
        Optional.of(model.id()),
        Optional.of(
            ChatMessage.MessageUsage.of(
                completion.usage(), model.cost().apply(completion.usage()))));
  }

  /// What there is of an answer that was interrupted.
  static MessageDraft interrupted(AgentModel model, MessageId id, List<StoredPart> partial) {
    return new MessageDraft(
        id,
        ChatMessage.Role.ASSISTANT,
        partial,
        Optional.of(Finish.INTERRUPTED),
        Optional.of(model.id()),
        Optional.empty());
  }

  private static Optional<Finish> finish(Completion.StopReason reason) {
    return switch (reason) {
      case STOP -> Optional.of(Finish.STOP);
      case LENGTH -> Optional.of(Finish.LENGTH);
      case REFUSAL -> Optional.of(Finish.REFUSAL);
      // It wanted tools and named none: there is nothing to wait for.
      case TOOL_USE -> Optional.of(Finish.STOP);
      case PAUSE -> Optional.empty();
    };
  }
}
