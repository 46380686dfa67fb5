package dev.warren.server.chat;

import dev.warren.protocol.UuidV7;
import dev.warren.server.model.ModelId;
import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What a chat's tools do with its sub-agents: chats of their own, one level deep. Each is a change
/// of the parent, fenced by the parent's lease, that changes the child in the same transaction; and
/// each is idempotent by the id of the tool call. See [ChatTransitions].
public final class SubAgentTransitions {
  /// Sub-agents of one chat that are not closed.
  public static final int OPEN_MAX = 16;

  /// Sub-agents that one chat can have made in its life.
  public static final int EVER_MAX = 500;

  private final TransitionGate gate;

  SubAgentTransitions(TransitionGate gate) {
    this.gate = gate;
  }

  /// Who asks, by which fence, in which call.
  ///
  /// @param lease the number of the parent's
  public record Asking(ChatId parent, long lease, UUID call) {}

  /// What a sub-agent is to be made of.
  ///
  /// @param title cut from the prompt when absent
  /// @param modelId the parent's when absent
  /// @param contextLimitTokens of its model, 0 when that is not known
  public record Wanted(
      String prompt,
      Optional<String> title,
      Optional<ModelId> modelId,
      Optional<WorkspaceId> workspaceId,
      long contextLimitTokens) {}

  /// Makes a sub-agent with its first message; it is pending.
  ///
  /// @return the chat, also when this call has made it before
  public ChatId spawn(Asking asking, Wanted wanted) {
    return gate.owned(
        asking.parent(),
        asking.lease(),
        Transition.SPAWN,
        parent ->
            ChildrenStore.spawnedBy(parent, asking.call())
                .orElseGet(() -> make(parent, asking, wanted)));
  }

  private static ChatId make(LockedChatStore parent, Asking asking, Wanted wanted) {
    if (parent.parentId().isPresent()) {
      throw ChatException.wrongState("A sub-agent cannot have sub-agents of its own.");
    }
    ChildrenStore.Count count = ChildrenStore.count(parent);
    if (count.open() >= OPEN_MAX) {
      throw new ChatException(
          ChatException.Kind.TOO_MUCH,
          "There are "
              + count.open()
              + " sub-agents, and no more than that may be open at once. Collect what they have with"
              + " wait_agent, and end one with close_agent.");
    }
    if (count.ever() >= EVER_MAX) {
      throw new ChatException(
          ChatException.Kind.TOO_MUCH,
          "This chat has made "
              + EVER_MAX
              + " sub-agents, which is the limit. Do the work itself.");
    }
    List<StoredPart> parts = List.of(StoredPart.Text.of(ChatText.clean(wanted.prompt())));
    NewChat child =
        new NewChat(
            new ChatId(UuidV7.next()),
            parent.ownerId(),
            wanted.title().map(ChatText::clean).orElseGet(() -> ChatText.title(parts)),
            wanted.title().isPresent() ? Chat.TitleSource.USER : Chat.TitleSource.PROMPT,
            Map.of(),
            wanted.modelId().or(parent::modelId),
            wanted.workspaceId().or(parent::workspaceId),
            wanted.contextLimitTokens(),
            Budget.NONE);
    LockedChatStore spawned =
        parent.with(
            ChatChangeStore.insert(
                parent.handle(),
                child,
                Optional.of(new ChatChangeStore.Spawn(parent.id(), asking.call()))));
    // What the user wants to be asked in the parent's chat, he wants to be asked here too.
    spawned.approvals().rules(parent.approvals().rules());
    spawned.append(MessageDraft.user(parts, Optional.empty()));
    return child.id();
  }

  /// Sends a sub-agent a message: at once when it rests, else behind what it is doing, or in its
  /// stead.
  ///
  /// @return whether the message waits for the end of the sub-agent's turn
  public boolean tell(Asking asking, ChatId childId, String text, boolean interrupt) {
    MessageId id = new MessageId(asking.call());
    return gate.owned(
        asking.parent(),
        asking.lease(),
        Transition.TELL_CHILD,
        parent -> {
          LockedChatStore child = child(parent, childId);
          boolean queued =
              child.queue().stream().anyMatch(it -> it.id().value().equals(id.value()));
          if (queued || child.message(id).isPresent()) {
            return queued; // this very call, before a crash
          }
          if (child.archived()) {
            throw ChatException.wrongState(
                "The sub-agent is closed and takes no more messages. Make another with spawn_agent.");
          }
          if (child.workspaceId().isEmpty()) {
            child.workspaceId(parent.workspaceId());
          }
          List<StoredPart> parts = List.of(StoredPart.Text.of(ChatText.clean(text)));
          MessageDraft draft = MessageDraft.user(id, parts, Optional.empty());
          return UserTransitions.deliver(child, draft, interrupt).queued().isPresent();
        });
  }

  /// Ends a sub-agent for good: its turn is interrupted, its queue dropped, and it takes no more
  /// messages. What it said stays.
  public void close(Asking asking, ChatId childId) {
    gate.owned(
        asking.parent(),
        asking.lease(),
        Transition.CLOSE_CHILD,
        parent -> {
          LockedChatStore child = child(parent, childId);
          if (!child.archived()) {
            UserTransitions.archive(child);
          }
          return true;
        });
  }

  private static LockedChatStore child(LockedChatStore parent, ChatId child) {
    return ChildrenStore.lock(parent, child)
        .orElseThrow(() ->
            new ChatException(
                ChatException.Kind.NOT_FOUND,
                "This chat has no sub-agent "
                    + child
                    + "; spawn_agent gave the ids of those it has."));
  }
}
