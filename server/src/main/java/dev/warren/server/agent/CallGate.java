package dev.warren.server.agent;

import dev.warren.server.approval.ApprovalPolicy;
import dev.warren.server.approval.Decision;
import dev.warren.server.approval.ToolUse;
import dev.warren.server.approval.Verdict;
import dev.warren.server.chat.Ask;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.LedgerStore.Approval;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.tool.InputType.Reading;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolRegistry;
import dev.warren.server.tool.ToolRegistry.Entry;
import dev.warren.server.tool.ToolResult;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Says which calls of a message may start: the tool must be there and not be turned off, the input
/// must be right, the model must not go in circles, and the rules or the user must allow it. What
/// was started before a crash is not judged again.
final class CallGate {
  private final ToolRegistry registry;
  private final Set<String> disabled;
  private final ApprovalPolicy policy;
  private final LoopGuard loops;

  CallGate(ToolRegistry registry, Set<String> disabled, ApprovalPolicy policy, LoopGuard loops) {
    this.registry = registry;
    this.disabled = disabled;
    this.policy = policy;
    this.loops = loops;
  }

  /// What is to become of a call.
  sealed interface Ruling {
    record Start<I extends Record>(Tool<I> tool, I input) implements Ruling {}

    /// It is answered without being run.
    record Refuse(ToolResult result) implements Ruling {}

    /// It must not start before the user decides.
    ///
    /// @param ask absent when the user was asked before
    record Wait(Tool<?> tool, Optional<Ask> ask) implements Ruling {}
  }

  /// @param row of the ledger, if there is one
  Ruling rule(StoredPart.ToolCall call, Optional<LedgerStore.Call> row) {
    Optional<Entry<?>> entry = registry.find(call.name());
    if (entry.isEmpty()) {
      return new Ruling.Refuse(unknownTool(call));
    }
    if (disabled.contains(call.name())) {
      return new Ruling.Refuse(
          ToolResult.error(
              "The administrator has turned the tool " + call.name() + " off. Work without it."));
    }
    return rule(entry.get(), call, row);
  }

  private <I extends Record> Ruling rule(
      Entry<I> entry, StoredPart.ToolCall call, Optional<LedgerStore.Call> row) {
    return switch (entry.input().read(call.rawInput())) {
      case Reading.Invalid<I> invalid -> new Ruling.Refuse(invalid.result(call.name()));
      case Reading.Valid<I>(I input) -> {
        Tool<I> tool = entry.tool();
        Optional<ToolResult> circle = tool.polls() ? Optional.empty() : loops.verdict(call);
        yield circle
            .<Ruling>map(Ruling.Refuse::new)
            .orElseGet(() -> allowed(tool, input, call, row));
      }
    };
  }

  private <I extends Record> Ruling allowed(
      Tool<I> tool, I input, StoredPart.ToolCall call, Optional<LedgerStore.Call> row) {
    boolean started = row.filter(it -> it.state() == LedgerStore.State.STARTED).isPresent();
    Optional<Approval> decided = row.flatMap(LedgerStore.Call::approval);
    if (started || decided.equals(Optional.of(Approval.ALLOWED))) {
      return new Ruling.Start<>(tool, input);
    }
    if (decided.equals(Optional.of(Approval.DENIED))) {
      return new Ruling.Refuse(denied(row.flatMap(LedgerStore.Call::deniedBecause)));
    }
    if (decided.isPresent()) {
      return new Ruling.Wait(tool, Optional.empty());
    }
    Verdict verdict = policy.judge(new ToolUse(tool.name(), tool.shellCommand(input)));
    return switch (verdict.decision()) {
      case ALLOW -> new Ruling.Start<>(tool, input);
      case ASK ->
          new Ruling.Wait(
              tool, Optional.of(new Ask(call.id(), verdict.reason(), verdict.grants())));
      case DENY ->
          new Ruling.Refuse(
              ToolResult.error(
                  verdict.reason()
                      + " The call was not run. Do it in a way that the rules allow, or tell the"
                      + " user what stands in the way.",
                  new Denial(Decision.DENY, Optional.empty())));
    };
  }

  private static ToolResult denied(Optional<String> reason) {
    return ToolResult.error(
        "The user did not allow this call, and it was not run. Do not try the same in another way;"
            + " go by what the user says, or ask.",
        new Denial(Decision.DENY, reason));
  }

  /// What goes with the message.
  ///
  /// @param reason what the user said
  private record Denial(Decision decision, Optional<String> reason) {}

  private ToolResult unknownTool(StoredPart.ToolCall call) {
    List<String> names =
        registry.names().stream().filter(name -> !disabled.contains(name)).sorted().toList();
    return ToolResult.error(
        "There is no tool named '" + call.name() + "'. There are: " + String.join(", ", names));
  }
}
