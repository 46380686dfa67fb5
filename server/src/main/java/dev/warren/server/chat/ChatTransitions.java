package dev.warren.server.chat;

import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import dev.warren.server.replica.ReplicaId;
import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The only writer of chats and messages. Each public method is one or two named [Transition]s in
/// one transaction: lock the row, check the state it starts from (and, for a worker, the lease),
/// bump the version, write, commit, then signal. A refusal is a [ChatException] and changes
/// nothing.
public final class ChatTransitions {
  /// Messages that may wait in one chat.
  public static final int QUEUE_MAX = 100;

  private final ChatChangeStore store;
  private final ChatSignals signals;

  public ChatTransitions(Database database, ChatSignals signals) {
    this.store = new ChatChangeStore(database);
    this.signals = signals;
  }

  // People's transitions

  /// Makes a chat with its first message; it is pending.
  public void create(NewChat chat, MessageDraft first) {
    store.create(chat, locked -> locked.append(first));
    signals.committed(signal(chat.id(), chat.owner(), 1, ChatStatus.PENDING, 0));
  }

  /// Takes a user's message: into the history when nothing runs, else into the queue, or to its
  /// head with the running turn interrupted.
  public Sent send(ChatId id, MessageDraft draft, boolean interrupt) {
    return change(
        id,
        chat -> {
          if (chat.archived()) {
            throw wrongState("The chat is archived; unarchive it first.");
          }
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
        });
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
    return change(
        id,
        chat -> {
          Transition.EDIT.check(chat.status());
          if (chat.archived()) {
            throw wrongState("The chat is archived; unarchive it first.");
          }
          ChatMessage message =
              chat.message(messageId)
                  .orElseThrow(() ->
                      new ChatException(
                          ChatException.Kind.NOT_FOUND,
                          "The chat has no message " + messageId + "."));
          if (message.role() != ChatMessage.Role.USER || message.compressed()) {
            throw wrongState("Only a user's message that is not compressed can be edited.");
          }
          LedgerStore.cancelOpen(chat.handle(), id);
          chat.rewrite(message, parts);
          chat.clearQueue();
          chat.bumpLease();
          chat.status(ChatStatus.PENDING);
          return chat.message(messageId).orElseThrow();
        });
  }

  public void deleteQueued(ChatId id, QueuedId queuedId) {
    change(
        id,
        chat -> {
          requireQueued(chat.dequeue(queuedId), queuedId);
          Transition.DELETE_QUEUED.check(chat.status());
          return true;
        });
  }

  /// Sends a queued message now: the running turn is interrupted, and it goes next.
  public Sent promoteQueued(ChatId id, QueuedId queuedId) {
    return change(
        id,
        chat -> {
          requireQueued(chat.moveToHead(queuedId), queuedId);
          Transition.PROMOTE_QUEUED.check(chat.status());
          QueuedMessage head = chat.queue().getFirst();
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
    return change(
        id,
        chat -> {
          Transition.INTERRUPT.check(chat.status());
          Turns.stop(chat);
          return chat.status();
        });
  }

  /// Lets the model forget: nothing so far is sent to it any more, all of it stays visible.
  public void clear(ChatId id) {
    change(
        id,
        chat -> {
          Transition.CLEAR.check(chat.status());
          Turns.answerOpenCalls(chat, List.of());
          chat.compressAll();
          chat.context(new Chat.Context(0, 0));
          return true;
        });
  }

  /// Changes what people say about a chat. Archiving drops the queue and ends the running turn.
  public void patch(ChatId id, ChatPatch patch) {
    change(
        id,
        chat -> {
          Transition.PATCH.check(chat.status());
          patch.title().ifPresent(title -> chat.title(title, Chat.TitleSource.USER));
          patch.labels().ifPresent(chat::labels);
          patch.pinned().ifPresent(chat::pinned);
          patch.modelId().ifPresent(chat::modelId);
          patch.workspaceId().map(Optional::of).ifPresent(chat::workspaceId);
          patch
              .archived()
              .ifPresent(archived -> {
                chat.archived(archived);
                if (archived) {
                  chat.clearQueue();
                  if (chat.status().busy()) {
                    Turns.stop(chat);
                  }
                }
              });
          return true;
        });
  }

  public void delete(ChatId id) {
    UserId owner =
        store.change(
            id,
            chat -> {
              Transition.DELETE.check(chat.status());
              LedgerStore.cancelOpen(chat.handle(), id);
              chat.delete();
              return chat.ownerId();
            });
    signals.committed(ChatSignals.Signal.deleted(id, owner));
  }

  // Workers' transitions

  /// Takes pending chats for a replica.
  public List<Chat> claim(ReplicaId replica, int slots, int perOwnerMax) {
    List<Chat> chats = store.claim(replica, slots, perOwnerMax);
    for (Chat chat : chats) {
      signals.committed(
          signal(chat.id(), chat.ownerId(), chat.version(), chat.status(), chat.lease()));
    }
    return chats;
  }

  /// Commits an assistant's message. With a finish the turn ends in the same transaction; else its
  /// tool calls are reserved in the ledger.
  public Committed commitStep(Lease lease, MessageDraft draft, Chat.Context context) {
    return owned(
        lease,
        Transition.COMMIT_STEP,
        chat -> {
          ChatMessage message = chat.append(draft);
          draft.usage().ifPresent(chat::addUsage);
          chat.context(context);
          LedgerStore.reserve(
              chat.handle(), chat.id(), chat.ownerId(), message.id(), message.toolCalls());
          if (draft.finish().isPresent()) {
            Transition.FINISH_TURN.check(chat.status());
            Turns.settle(chat);
          }
          return new Committed(message, chat.status(), chat.version());
        });
  }

  /// Commits the results of the last message's calls, in call order.
  public Committed commitResults(Lease lease, List<StoredPart.ToolResult> results) {
    return owned(
        lease,
        Transition.COMMIT_RESULTS,
        chat -> {
          ChatMessage message = chat.append(MessageDraft.results(results));
          return new Committed(message, chat.status(), chat.version());
        });
  }

  public void bindWorkspace(Lease lease, WorkspaceId workspace) {
    owned(
        lease,
        Transition.BIND_WORKSPACE,
        chat -> {
          chat.workspaceId(Optional.of(workspace));
          return true;
        });
  }

  /// Ends a turn that has nothing left to do.
  public void finishTurn(Lease lease) {
    owned(
        lease,
        Transition.FINISH_TURN,
        chat -> {
          Turns.answerOpenCalls(chat, List.of());
          Turns.settle(chat);
          return true;
        });
  }

  /// Ends an interrupted turn: the partial answer and the results that are known stay.
  ///
  /// @return the chat's version
  public long finishInterruption(
      Lease lease, Optional<MessageDraft> partial, List<StoredPart.ToolResult> known) {
    return owned(
        lease,
        Transition.FINISH_INTERRUPTION,
        chat -> {
          partial.ifPresent(chat::append);
          Turns.answerOpenCalls(chat, known);
          Turns.settle(chat);
          return chat.version();
        });
  }

  /// Ends a turn that cannot go on. The queue stays. What was being interrupted is just over.
  public void fail(Lease lease, String error) {
    owned(
        lease,
        Transition.FAIL,
        chat -> {
          Turns.answerOpenCalls(chat, List.of());
          if (chat.status() == ChatStatus.INTERRUPTING) {
            Turns.settle(chat);
          } else {
            chat.fail(error);
          }
          return true;
        });
  }

  /// Gives a chat back for another owner to go on; an interruption is over instead.
  public void release(Lease lease) {
    owned(
        lease,
        Transition.RELEASE,
        chat -> {
          Turns.leave(chat);
          return true;
        });
  }

  /// Takes a chat from a dead owner.
  public void orphan(ChatId id, ReplicaId dead) {
    change(
        id,
        chat -> {
          if (!chat.worker().equals(Optional.of(dead))) {
            throw wrongState("The chat has another owner by now.");
          }
          Transition.ORPHAN.check(chat.status());
          chat.bumpLease();
          Turns.leave(chat);
          return true;
        });
  }

  /// Names a chat as the model proposes, unless a person has named it.
  public void name(ChatId id, String title) {
    change(
        id,
        chat -> {
          Transition.NAME.check(chat.status());
          if (chat.titleSource() == Chat.TitleSource.PROMPT) {
            chat.title(title, Chat.TitleSource.MODEL);
          }
          return true;
        });
  }

  private <T> T owned(Lease lease, Transition transition, Function<LockedChatStore, T> work) {
    return change(
        lease.chat(),
        chat -> {
          if (chat.lease() != lease.number() || !chat.worker().equals(Optional.of(lease.owner()))) {
            throw new ChatException(
                ChatException.Kind.LEASE_LOST, "The chat " + lease.chat() + " has another owner.");
          }
          transition.check(chat.status());
          return work.apply(chat);
        });
  }

  private <T> T change(ChatId id, Function<LockedChatStore, T> work) {
    record Done<T>(T result, ChatSignals.Signal signal) {}
    Done<T> done =
        store.change(
            id,
            chat ->
                new Done<>(
                    work.apply(chat),
                    signal(id, chat.ownerId(), chat.version(), chat.status(), chat.lease())));
    signals.committed(done.signal());
    return done.result();
  }

  private static ChatSignals.Signal signal(
      ChatId id, UserId owner, long version, ChatStatus status, long lease) {
    ChatSignals.State state = new ChatSignals.State(status, lease);
    return new ChatSignals.Signal(id, owner, version, Optional.of(state));
  }

  private static ChatException wrongState(String message) {
    return new ChatException(ChatException.Kind.WRONG_STATE, message);
  }

  /// Who works on a chat, by which fence.
  public record Lease(ChatId chat, long number, ReplicaId owner) {}

  /// Where a message went.
  public record Sent(Optional<ChatMessage> message, Optional<QueuedMessage> queued) {}

  /// What a worker's commit left.
  ///
  /// @param version the chat's
  public record Committed(ChatMessage message, ChatStatus status, long version) {}
}
