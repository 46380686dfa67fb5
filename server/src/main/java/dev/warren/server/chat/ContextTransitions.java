package dev.warren.server.chat;

import java.util.List;

/// What happens to a chat's context: what of its history the model is sent. See [ChatTransitions].
public final class ContextTransitions {
  private final TransitionGate gate;

  ContextTransitions(TransitionGate gate) {
    this.gate = gate;
  }

  /// Lets the model forget: nothing so far is sent to it any more, all of it stays visible.
  public void clear(ChatId id) {
    gate.change(
        id,
        chat -> {
          Transition.CLEAR.check(chat.status());
          Turns.answerOpenCalls(chat, List.of());
          chat.compressAll();
          chat.markCleared();
          chat.context(new Chat.Context(0, chat.context().limitTokens()));
          return true;
        });
  }

  /// Asks for a summary; writing it is the chat's next step, and the chat waits again afterwards.
  public void requestCompaction(ChatId id) {
    gate.change(
        id,
        chat -> {
          if (chat.archived()) {
            throw ChatException.wrongState("The chat is archived; unarchive it first.");
          }
          Transition.COMPACT.check(chat.status());
          if (!chat.hasMoreThanSummary()) {
            throw ChatException.wrongState(
                "There is nothing to compact: nothing was said since the last summary.");
          }
          Turns.answerOpenCalls(chat, List.of());
          chat.requestCompaction();
          chat.status(ChatStatus.PENDING);
          return true;
        });
  }

  /// Puts a summary in the place of all that the model was sent so far, which stays visible. With a
  /// finish the turn ends in the same transaction.
  ///
  /// @param context how full the window is now, by estimate
  public WorkerTransitions.Committed commitSummary(
      Lease lease, MessageDraft summary, Chat.Context context) {
    return gate.owned(
        lease,
        Transition.COMMIT_SUMMARY,
        chat -> {
          chat.compressAll();
          ChatMessage message = chat.append(summary);
          summary.usage().ifPresent(chat::addUsage);
          chat.context(context);
          chat.endCompaction();
          if (summary.finish().isPresent()) {
            Transition.FINISH_TURN.check(chat.status());
            Turns.settle(chat);
          }
          return new WorkerTransitions.Committed(message, chat.status(), chat.version());
        });
  }
}
