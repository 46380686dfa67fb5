package dev.warren.server.chat;

import dev.warren.server.replica.ReplicaId;
import dev.warren.server.workspace.WorkspaceId;
import java.util.List;
import java.util.Optional;

/// What a worker does with chats. Each but the claim and the take-over is refused unless the worker
/// holds the lease. See [ChatTransitions].
public final class WorkerTransitions {
  private final TransitionGate gate;

  WorkerTransitions(TransitionGate gate) {
    this.gate = gate;
  }

  /// Takes pending chats for a replica.
  public List<Chat> claim(ReplicaId replica, int slots, int perOwnerMax) {
    return gate.claim(replica, slots, perOwnerMax);
  }

  /// Commits an assistant's message. With a finish the turn ends in the same transaction; else its
  /// tool calls are reserved in the ledger.
  public Committed commitStep(Lease lease, MessageDraft draft, Chat.Context context) {
    return gate.owned(
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
  ///
  /// @param usedTokens of the model's window, by estimate
  public Committed commitResults(Lease lease, MessageDraft results, long usedTokens) {
    return gate.owned(
        lease,
        Transition.COMMIT_RESULTS,
        chat -> {
          ChatMessage message = chat.append(results);
          chat.context(new Chat.Context(usedTokens, chat.context().limitTokens()));
          return new Committed(message, chat.status(), chat.version());
        });
  }

  /// What an earlier try of a commit has written, whose answer was lost.
  public Optional<Committed> committed(Lease lease, MessageId message) {
    return gate.owned(
        lease,
        Transition.COMMIT_STEP,
        chat -> chat.message(message).map(it -> new Committed(it, chat.status(), chat.version())));
  }

  /// Gives the chat's slot to others while all that it does is to wait for them, or takes it again;
  /// the chat stays its owner's. Taking it may go over a cap for a while: nobody is sent away.
  public void rest(Lease lease, boolean resting) {
    gate.owned(
        lease,
        Transition.REST,
        chat -> {
          chat.resting(resting);
          return true;
        });
  }

  public void bindWorkspace(Lease lease, WorkspaceId workspace) {
    gate.owned(
        lease,
        Transition.BIND_WORKSPACE,
        chat -> {
          chat.workspaceId(Optional.of(workspace));
          return true;
        });
  }

  /// Notes, durably and for good, what the model is told of its workspace's instructions.
  ///
  /// @param entry behind the last message of the history
  /// @return the chat's version
  public long tellInstructions(Lease lease, Instructions entry) {
    return gate.owned(
        lease,
        Transition.TELL_INSTRUCTIONS,
        chat -> {
          chat.tell(entry);
          return chat.version();
        });
  }

  /// Ends a turn that has nothing left to do.
  public void finishTurn(Lease lease) {
    gate.owned(
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
    return gate.owned(
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
    gate.owned(
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
    gate.owned(
        lease,
        Transition.RELEASE,
        chat -> {
          Turns.leave(chat);
          return true;
        });
  }

  /// Takes a chat from a dead owner.
  public void orphan(ChatId id, ReplicaId dead) {
    gate.change(
        id,
        chat -> {
          if (!chat.worker().equals(Optional.of(dead))) {
            throw ChatException.wrongState("The chat has another owner by now.");
          }
          Transition.ORPHAN.check(chat.status());
          chat.bumpLease();
          Turns.leave(chat);
          return true;
        });
  }

  /// Names a chat as the model proposes, unless a person has named it.
  public void name(ChatId id, String title) {
    gate.change(
        id,
        chat -> {
          Transition.NAME.check(chat.status());
          if (chat.titleSource() == Chat.TitleSource.PROMPT) {
            chat.title(title, Chat.TitleSource.MODEL);
          }
          return true;
        });
  }

  /// What a worker's commit left.
  ///
  /// @param version the chat's
  public record Committed(ChatMessage message, ChatStatus status, long version) {}
}
