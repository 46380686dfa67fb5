package dev.warren.server.tool.orchestration;

import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatException;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.SubAgentTransitions;
import dev.warren.server.chat.SubAgentTransitions.Asking;
import dev.warren.server.db.Shield;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolFailure;
import java.util.UUID;
import java.util.function.Supplier;

/// A chat's sub-agents as its tools see them. What the engine refuses is the tool's failure, in the
/// engine's words.
final class SubAgents {
  private final ChatStore store;
  private final SubAgentTransitions transitions;

  SubAgents(ChatStore store, SubAgentTransitions transitions) {
    this.store = store;
    this.transitions = transitions;
  }

  Chat spawn(ToolContext context, SubAgentTransitions.Wanted wanted) {
    return told(() -> find(transitions.spawn(asking(context), wanted)));
  }

  /// @return whether the message waits for the end of the sub-agent's turn
  boolean tell(ToolContext context, UUID child, String text, boolean interrupt) {
    return told(() -> transitions.tell(asking(context), new ChatId(child), text, interrupt));
  }

  void close(ToolContext context, UUID child) {
    told(() -> {
      transitions.close(asking(context), new ChatId(child));
      return true;
    });
  }

  /// A sub-agent of the calling chat.
  Chat child(ToolContext context, UUID id) {
    return told(() ->
        store
            .find(new ChatId(id))
            .filter(chat -> chat.parentId().filter(context.chatId()::equals).isPresent())
            .orElseThrow(() ->
                new ToolFailure(
                    "This chat has no sub-agent "
                        + id
                        + "; spawn_agent gave the ids of those it has.")));
  }

  /// What a sub-agent's status is called.
  static String status(Chat child) {
    boolean closed = child.archived() && child.status() != ChatStatus.INTERRUPTING;
    return closed ? "closed" : child.status().toString();
  }

  ChatStore store() {
    return store;
  }

  private Chat find(ChatId id) {
    return store
        .find(id)
        .orElseThrow(() -> new ToolFailure("The sub-agent " + id + " was deleted meanwhile."));
  }

  private static Asking asking(ToolContext context) {
    return new Asking(context.chatId(), context.lease(), context.callId());
  }

  private static <T> T told(Supplier<T> work) {
    try {
      return Shield.call(work);
    } catch (ChatException refused) {
      throw new ToolFailure(String.valueOf(refused.getMessage()));
    }
  }
}
