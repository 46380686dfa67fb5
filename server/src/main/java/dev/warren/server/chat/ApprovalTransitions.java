package dev.warren.server.chat;

import dev.warren.server.approval.Decision;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// How calls wait for the user's decision, and what becomes of it. See [ChatTransitions].
public final class ApprovalTransitions {
  /// Commands and tools that one chat remembers as allowed.
  public static final int GRANTS_MAX = 500;

  private final TransitionGate gate;

  ApprovalTransitions(TransitionGate gate) {
    this.gate = gate;
  }

  /// The worker has calls wait for the user, while it goes on with others.
  public void ask(Lease lease, List<Ask> asks) {
    gate.owned(
        lease,
        Transition.ASK,
        chat -> {
          chat.approvals().ask(asks);
          return true;
        });
  }

  /// The worker has nothing left to do before the user decides: the chat waits without an owner.
  ///
  /// @return the chat's status: not `requires_action` when all is decided by now, or the turn is
  ///   being interrupted, and the worker has to go on
  public ChatStatus park(Lease lease, List<Ask> asks) {
    return gate.owned(
        lease,
        Transition.PARK,
        chat -> {
          chat.approvals().ask(asks);
          boolean interrupting = chat.status() == ChatStatus.INTERRUPTING;
          if (!interrupting && !chat.approvals().asked().isEmpty()) {
            chat.status(ChatStatus.REQUIRES_ACTION);
          }
          return chat.status();
        });
  }

  /// The user decides on a call. With the last decision the chat goes on.
  ///
  /// @param remember whether the same is allowed for the rest of the chat
  public void decide(
      ChatId id, UUID call, Decision decision, boolean remember, Optional<String> reason) {
    gate.change(
        id,
        chat -> {
          Transition.DECIDE.check(chat.status());
          LockedApprovalsStore approvals = chat.approvals();
          if (!approvals.decide(call, decision, reason)) {
            throw notWaiting(chat, call);
          }
          if (remember && decision == Decision.ALLOW) {
            remember(approvals, call);
          }
          if (chat.status() == ChatStatus.REQUIRES_ACTION && approvals.asked().isEmpty()) {
            chat.status(ChatStatus.PENDING);
          }
          return true;
        });
  }

  private static ChatException notWaiting(LockedChatStore chat, UUID call) {
    boolean known = !LedgerStore.calls(chat.handle(), chat.id(), List.of(call)).isEmpty();
    return known
        ? ChatException.wrongState(
            "The call " + call + " does not wait for a decision; it may have been decided already.")
        : new ChatException(ChatException.Kind.NOT_FOUND, "The chat has no call " + call + ".");
  }

  private static void remember(LockedApprovalsStore approvals, UUID call) {
    approvals.grant(approvals.grants(call));
    if (approvals.grantedCount() > GRANTS_MAX) {
      throw new ChatException(
          ChatException.Kind.TOO_MUCH,
          "The chat remembers " + GRANTS_MAX + " approvals already; decide without remember.");
    }
    for (UUID other : approvals.asked()) {
      if (approvals.granted(other)) {
        approvals.decide(other, Decision.ALLOW, Optional.empty());
      }
    }
  }
}
