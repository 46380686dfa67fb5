package dev.warren.server.chat;

import dev.warren.server.http.Change;
import java.util.List;
import java.util.Optional;

/// What people do in a chat. See [ChatTransitions].
public final class UserTransitions {
  /// Messages that may wait in one chat.
  public static final int QUEUE_MAX = 100;

  private final TransitionGate gate;

  UserTransitions(TransitionGate gate) {
    this.gate = gate;
  }

  /// Makes a chat with its first message; it is pending.
  public void create(NewChat chat, MessageDraft first) {
    gate.create(chat, locked -> locked.append(first));
  }

  /// Takes a user's message: into the history when nothing runs, else into the queue, or to its
  /// head with the running turn interrupted. One that was taken before, by its id, is not taken
  /// again: a request that is repeated elsewhere may run beside the first.
  public Sent send(ChatId id, MessageDraft draft, boolean interrupt) {
    return gate.change(
        id,
        chat -> {
          Optional<Sent> before = sentBefore(chat, draft.id());
          if (before.isPresent()) {
            return before.get();
          }
          if (interrupt) {
            ChildrenStore.stop(chat);
          }
          return deliver(chat, draft, interrupt);
        });
  }

  private static Optional<Sent> sentBefore(LockedChatStore chat, MessageId id) {
    Optional<ChatMessage> message = chat.message(id);
    Optional<QueuedMessage> queued =
        chat.queue().stream()
            .filter(waiting -> waiting.id().value().equals(id.value()))
            .findFirst();
    return message.isPresent() || queued.isPresent()
        ? Optional.of(new Sent(message, queued))
        : Optional.empty();
  }

  /// Puts a message where the state says.
  static Sent deliver(LockedChatStore chat, MessageDraft draft, boolean interrupt) {
    requireActive(chat);
    if (!chat.status().busy()) {
      Transition.SEND.check(chat.status());
      return sendIdle(chat, draft);
    }
    if (interrupt) {
      Transition.SEND_AND_INTERRUPT.check(chat.status());
      return sendNow(chat, draft);
    }
    Transition.QUEUE.check(chat.status());
    return new Sent(Optional.empty(), Optional.of(enqueue(chat, draft, false)));
  }

  private static Sent sendIdle(LockedChatStore chat, MessageDraft draft) {
    List<QueuedMessage> queue = chat.queue();
    if (queue.isEmpty()) {
      return new Sent(Optional.of(Turns.startTurn(chat, draft)), Optional.empty());
    }
    QueuedMessage queued = enqueue(chat, draft, false);
    Turns.takeHead(chat, queue.getFirst());
    return new Sent(Optional.empty(), Optional.of(queued));
  }

  private static Sent sendNow(LockedChatStore chat, MessageDraft draft) {
    if (chat.status().owned()) {
      QueuedMessage queued = enqueue(chat, draft, true);
      chat.status(ChatStatus.INTERRUPTING);
      return new Sent(Optional.empty(), Optional.of(queued));
    }
    return new Sent(Optional.of(Turns.startTurn(chat, draft)), Optional.empty());
  }

  private static QueuedMessage enqueue(LockedChatStore chat, MessageDraft draft, boolean first) {
    if (chat.queue().size() >= QUEUE_MAX) {
      throw new ChatException(
          ChatException.Kind.TOO_MUCH,
          "The chat's queue holds " + QUEUE_MAX + " messages already; wait or delete one.");
    }
    return chat.enqueue(draft, first);
  }

  /// Replaces a user's message; what follows it is dropped, the queue too, and the turn runs again.
  public ChatMessage edit(ChatId id, MessageId messageId, List<StoredPart> parts) {
    return gate.change(
        id,
        chat -> {
          Transition.EDIT.check(chat.status());
          requireActive(chat);
          ChatMessage message =
              chat.message(messageId)
                  .orElseThrow(() ->
                      new ChatException(
                          ChatException.Kind.NOT_FOUND,
                          "The chat has no message " + messageId + "."));
          if (message.role() != ChatMessage.Role.USER || message.compressed()) {
            throw ChatException.wrongState(
                "Only a user's message that is not compressed can be edited.");
          }
          chat.cancelCalls();
          chat.rewrite(message, parts);
          ChildrenStore.stop(chat);
          ChildrenStore.closeDropped(chat);
          chat.clearQueue();
          chat.endCompaction();
          chat.bumpLease();
          chat.status(ChatStatus.PENDING);
          return chat.message(messageId).orElseThrow();
        });
  }

  public void deleteQueued(ChatId id, QueuedId queuedId) {
    gate.change(
        id,
        chat -> {
          requireQueued(chat.dequeue(queuedId), queuedId);
          Transition.DELETE_QUEUED.check(chat.status());
          return true;
        });
  }

  /// Puts a queued message at another place of the queue, 1 for the head.
  public List<QueuedMessage> moveQueued(ChatId id, QueuedId queuedId, int place) {
    return gate.change(
        id,
        chat -> {
          requireQueued(chat.moveQueued(queuedId, place), queuedId);
          Transition.MOVE_QUEUED.check(chat.status());
          return chat.queue();
        });
  }

  /// Sends a queued message now: the running turn is interrupted, and it goes next.
  public Sent promoteQueued(ChatId id, QueuedId queuedId) {
    return gate.change(
        id,
        chat -> {
          requireQueued(chat.moveToHead(queuedId), queuedId);
          Transition.PROMOTE_QUEUED.check(chat.status());
          requireActive(chat);
          QueuedMessage head = chat.queue().getFirst();
          ChildrenStore.stop(chat);
          if (chat.status().owned()) {
            chat.status(ChatStatus.INTERRUPTING);
            return new Sent(Optional.empty(), Optional.of(head));
          }
          return new Sent(Optional.of(Turns.takeHead(chat, head)), Optional.empty());
        });
  }

  private static void requireQueued(boolean found, QueuedId queuedId) {
    if (!found) {
      throw new ChatException(
          ChatException.Kind.NOT_FOUND,
          "The chat's queue has no message " + queuedId + "; it may have been sent meanwhile.");
    }
  }

  /// Ends the running turn.
  public ChatStatus interrupt(ChatId id) {
    return gate.change(
        id,
        chat -> {
          Transition.INTERRUPT.check(chat.status());
          ChildrenStore.stop(chat);
          Turns.stop(chat);
          return chat.status();
        });
  }

  /// Changes what people say about a chat. Archiving drops the queue and ends the running turn.
  public void patch(ChatId id, ChatPatch patch) {
    gate.change(
        id,
        chat -> {
          Transition.PATCH.check(chat.status());
          switch (patch.title()) {
            case Change.Keep<String>() -> {}
            case Change.Clear<String>() ->
                chat.title(ChatText.title(chat.first().parts()), Chat.TitleSource.PROMPT);
            case Change.Set<String>(String title) -> chat.title(title, Chat.TitleSource.USER);
          }
          patch.labels().ifPresent(chat::labels);
          patch.pinned().ifPresent(chat::pinned);
          chat.modelId(patch.modelId().applied(chat.modelId()));
          chat.workspaceId(patch.workspaceId().applied(chat.workspaceId()));
          patch.budget().ifPresent(chat::budget);
          patch.approvalRules().ifPresent(chat.approvals()::rules);
          patch
              .archived()
              .ifPresent(archived -> {
                if (archived) {
                  ChildrenStore.close(chat);
                  archive(chat);
                } else {
                  chat.archived(false);
                }
              });
          return true;
        });
  }

  /// Drops the queue and ends the running turn of a chat that is put away.
  static void archive(LockedChatStore chat) {
    chat.archived(true);
    chat.clearQueue();
    if (chat.status().busy()) {
      Turns.stop(chat);
    }
  }

  /// Deletes a chat with its sub-agents. What a sub-agent has used counts for its parent, so it
  /// goes only with it.
  public void delete(ChatId id) {
    gate.change(
        id,
        chat -> {
          Transition.DELETE.check(chat.status());
          if (chat.parentId().isPresent()) {
            throw ChatException.wrongState(
                "A sub-agent's chat is deleted with its parent "
                    + chat.parentId().get()
                    + "; archive it instead.");
          }
          ChildrenStore.delete(chat);
          chat.cancelCalls();
          chat.delete();
          return true;
        });
  }

  private static void requireActive(LockedChatStore chat) {
    if (chat.archived()) {
      throw ChatException.wrongState("The chat is archived; unarchive it first.");
    }
  }

  /// Where a message went.
  public record Sent(Optional<ChatMessage> message, Optional<QueuedMessage> queued) {}
}
