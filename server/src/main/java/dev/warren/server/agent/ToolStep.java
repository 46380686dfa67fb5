package dev.warren.server.agent;

import dev.warren.server.agent.AgentSources.AgentSettings;
import dev.warren.server.approval.ApprovalPolicy;
import dev.warren.server.chat.ApprovalTransitions;
import dev.warren.server.chat.Ask;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.Lease;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.chat.StoredPart.ToolResult;
import dev.warren.server.chat.Turns;
import dev.warren.server.tool.ToolContext.Owner;
import dev.warren.server.tool.ToolRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The step of a turn that runs the tool calls of one message: those that may, until all have a
/// result, until only the user can say how it goes on, or until the run has to stop.
final class ToolStep {
  private final AgentParts parts;
  private final Chat chat;
  private final Lease lease;
  private final ToolRegistry registry;
  private final BoundWorkspace workspace;
  private final Mailbox<RunEvent> mailbox;
  private final Supplier<Optional<StopReason>> stop;
  private final Consumer<Boolean> rest;
  private boolean resting;

  /// @param chat as it is now
  /// @param rest told when all calls only wait for others, and when they do no longer
  ToolStep(
      AgentParts parts,
      Chat chat,
      Lease lease,
      ToolRegistry registry,
      BoundWorkspace workspace,
      Mailbox<RunEvent> mailbox,
      Supplier<Optional<StopReason>> stop,
      Consumer<Boolean> rest) {
    this.parts = parts;
    this.chat = chat;
    this.lease = lease;
    this.registry = registry;
    this.workspace = workspace;
    this.mailbox = mailbox;
    this.stop = stop;
    this.rest = rest;
  }

  /// How the step ended.
  sealed interface Outcome {
    /// All calls have a result.
    ///
    /// @param results in call order
    record Done(List<ToolResult> results) implements Outcome {}

    /// The run has to stop.
    ///
    /// @param known the results of an interrupted turn, whose calls were ended
    record Stopped(StopReason reason, List<ToolResult> known) implements Outcome {}

    /// The chat waits for the user and has no owner any more.
    record Parked() implements Outcome {}

    /// The user decided meanwhile, or interrupted: look again.
    record Again(ChatStatus status) implements Outcome {}
  }

  Outcome run(AgentSettings settings, List<ChatMessage> history, ChatMessage message) {
    ApprovalPolicy policy =
        new ApprovalPolicy(
            settings.approvalRules(), chat.approvals().rules(), chat.approvals().granted());
    Owner owner = owner();
    ToolCalls calls =
        new ToolCalls(
            parts.ledger(),
            new CallGate(registry, settings.disabledTools(), policy, new LoopGuard(history)),
            parts.clock(),
            new ToolCalls.RunScope(lease, asked -> context(asked, owner, message)),
            mailbox);
    try {
      return run(message, calls);
    } catch (RuntimeException e) {
      // Whoever goes on starts them again by their ids.
      calls.leave();
      throw e;
    }
  }

  private Outcome run(ChatMessage message, ToolCalls calls) {
    List<StoredPart.ToolCall> open = message.toolCalls();
    calls.start(message, open);
    List<Ask> asks = calls.asks();
    if (!asks.isEmpty() && !calls.done()) {
      approvals().ask(lease, asks);
      asks = List.of();
    }
    while (!calls.done()) {
      rest(calls.onlyWait());
      take(calls);
      Optional<StopReason> told = stop.get();
      if (told.isPresent()) {
        return stopped(told.get(), calls);
      }
      calls.giveUpOverdue();
    }
    rest(false);
    if (calls.held()) {
      ChatStatus status = approvals().park(lease, asks);
      return status == ChatStatus.REQUIRES_ACTION
          ? new Outcome.Parked()
          : new Outcome.Again(status);
    }
    return new Outcome.Done(open.stream().map(call -> result(call, calls)).toList());
  }

  private void rest(boolean wanted) {
    if (wanted != resting) {
      rest.accept(wanted);
      resting = wanted;
    }
  }

  private ApprovalTransitions approvals() {
    return parts.transitions().approvals();
  }

  private void take(ToolCalls calls) {
    mailbox
        .take(calls.patience())
        .ifPresent(event -> {
          switch (event) {
            case RunEvent.CallDone done -> calls.take(done);
            case RunEvent.CallLeft left -> calls.take(left);
            case RunEvent.AskFailed(Throwable cause) ->
                throw new IllegalStateException("a call could not be noted", cause);
            case RunEvent.Stop wake -> {}
            case RunEvent.Answered stray -> {}
          }
        });
  }

  private static Outcome stopped(StopReason reason, ToolCalls calls) {
    if (reason == StopReason.INTERRUPTED) {
      return new Outcome.Stopped(reason, calls.cancel());
    }
    calls.leave();
    return new Outcome.Stopped(reason, List.of());
  }

  /// A call is left without a result only when the ledger refused it: it was cancelled.
  private static ToolResult result(StoredPart.ToolCall call, ToolCalls calls) {
    ToolResult known = calls.results().get(call.id());
    return known != null ? known : Turns.interrupted(call);
  }

  private CallContext context(ToolCalls.Asked asked, Owner owner, ChatMessage message) {
    return new CallContext(
        lease,
        asked.call().id(),
        owner,
        workspace,
        asked.deadline(),
        asked.resumed(),
        message.id(),
        asked.part(),
        parts.transitions().worker(),
        parts.ledger(),
        parts.events());
  }

  private Owner owner() {
    ChatStore.Person person =
        parts
            .store()
            .person(chat.ownerId())
            .orElseThrow(() -> new IllegalStateException("the owner of the chat is gone"));
    return new Owner(chat.ownerId(), person.username(), person.email());
  }
}
