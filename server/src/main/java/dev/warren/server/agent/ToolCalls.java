package dev.warren.server.agent;

import dev.warren.server.agent.CallGate.Ruling;
import dev.warren.server.agent.RunEvent.CallDone;
import dev.warren.server.chat.Ask;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.Lease;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.chat.StoredPart.ToolResult;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.Tool.Effect;
import dev.warren.server.tool.Tool.Family;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// The tool calls of one message while they run: each on a thread of its own, in parallel as far as
/// their effects allow, each noted in the ledger before it starts and when it has ended. A call
/// that waits for the user holds back only those behind it that its effect concerns. Driven by the
/// run's thread.
final class ToolCalls {
  /// How long after its deadline a call may still come back by itself.
  static final Duration GRACE = Duration.ofSeconds(5);

  /// How long ending what a call runs may take; the answer to an interruption is due in 5 s.
  static final Duration CANCEL_MAX = Duration.ofSeconds(3);

  private final LedgerStore ledger;
  private final CallGate gate;
  private final Clock clock;
  private final RunScope run;
  private final Mailbox<RunEvent> mailbox;
  private final Map<UUID, RunningCall> running = new LinkedHashMap<>();
  private final Map<UUID, ToolResult> results = new LinkedHashMap<>();
  private final List<Ask> asks = new ArrayList<>();

  /// Tools of the calls that do not start yet: the user has to decide on them, or on one before.
  private final List<Tool<?>> held = new ArrayList<>();

  /// What a message's calls share with the run.
  ///
  /// @param context makes the context of a call
  record RunScope(Lease lease, Function<Asked, CallContext> context) {}

  /// A call that is about to run.
  record Asked(StoredPart.ToolCall call, int part, Instant deadline, boolean resumed) {}

  ToolCalls(
      LedgerStore ledger, CallGate gate, Clock clock, RunScope run, Mailbox<RunEvent> mailbox) {
    this.ledger = ledger;
    this.gate = gate;
    this.clock = clock;
    this.run = run;
    this.mailbox = mailbox;
  }

  /// Starts every call that has no outcome yet and may start; what an earlier owner of the chat
  /// brought to an end is taken from the ledger.
  void start(ChatMessage message, List<StoredPart.ToolCall> calls) {
    Map<UUID, LedgerStore.Call> known = new LinkedHashMap<>();
    List<UUID> ids = calls.stream().map(StoredPart.ToolCall::id).toList();
    ledger.calls(run.lease().chat(), ids).forEach(row -> known.put(row.id(), row));
    List<RunningCall> earlier = new ArrayList<>();
    for (StoredPart.ToolCall call : calls) {
      Optional<LedgerStore.Call> row = Optional.ofNullable(known.get(call.id()));
      Optional<ToolResult> outcome = row.flatMap(LedgerStore.Call::outcome);
      if (outcome.isPresent()) {
        results.put(call.id(), outcome.get());
        continue;
      }
      switch (gate.rule(call, row)) {
        case Ruling.Refuse(dev.warren.server.tool.ToolResult result) -> refuse(call, result);
        case Ruling.Wait(Tool<?> tool, Optional<Ask> ask) -> {
          ask.ifPresent(asks::add);
          held.add(tool);
        }
        case Ruling.Start<?> start -> {
          boolean resumed = row.filter(it -> it.state() == LedgerStore.State.STARTED).isPresent();
          if (!resumed && held.stream().anyMatch(tool -> mustWait(start.tool(), tool))) {
            held.add(start.tool());
          } else {
            earlier.add(prepare(start, message, call, resumed, earlier));
          }
        }
      }
    }
    earlier.forEach(call -> running.put(call.call().id(), call));
    earlier.forEach(RunningCall::start);
  }

  private <I extends Record> RunningCall prepare(
      Ruling.Start<I> start,
      ChatMessage message,
      StoredPart.ToolCall call,
      boolean resumed,
      List<RunningCall> earlier) {
    Tool<I> tool = start.tool();
    Instant deadline = clock.instant().plus(tool.timeout(start.input()));
    CallContext context =
        run.context().apply(new Asked(call, part(message, call), deadline, resumed));
    List<RunningCall> waitFor =
        earlier.stream().filter(other -> mustWait(tool, other.tool())).toList();
    return new RunningCall(
        new RunningCall.Work<>(tool, start.input(), context),
        call,
        deadline,
        waitFor,
        run.lease(),
        ledger,
        mailbox);
  }

  /// As clients count the parts of a message.
  private static int part(ChatMessage message, StoredPart.ToolCall call) {
    return message.parts().stream()
        .filter(part -> !(part instanceof StoredPart.ProviderItem))
        .toList()
        .indexOf(call);
  }

  private static boolean mustWait(Tool<?> tool, Tool<?> earlier) {
    boolean lifecycle = earlier.effect() == Effect.LIFECYCLE;
    return switch (tool.effect()) {
      case NONE -> lifecycle && tool.family() == Family.WORKSPACE;
      case LIFECYCLE -> lifecycle;
      case FILES, COMMAND -> lifecycle || earlier.effect() == Effect.FILES;
    };
  }

  private void refuse(StoredPart.ToolCall call, dev.warren.server.tool.ToolResult result) {
    ToolResult answer = ToolResult.of(call, result.output(), result.error(), 0);
    ledger.finish(run.lease().chat(), run.lease().number(), answer, false);
    results.put(call.id(), answer);
  }

  void take(RunEvent.CallDone done) {
    running.remove(done.result().callId());
    results.put(done.result().callId(), done.result());
  }

  void take(RunEvent.CallLeft left) {
    running.remove(left.call());
  }

  /// Nothing runs.
  boolean done() {
    return running.isEmpty();
  }

  /// All that runs does nothing but wait for others.
  boolean onlyWait() {
    return running.values().stream().allMatch(call -> call.tool().waits());
  }

  /// Some calls do not start before the user decides.
  boolean held() {
    return !held.isEmpty();
  }

  /// What the user has not been asked before.
  List<Ask> asks() {
    return asks;
  }

  /// The results that there are, by call.
  Map<UUID, ToolResult> results() {
    return results;
  }

  /// The longest wait until a call is overdue.
  Duration patience() {
    Instant now = clock.instant();
    return running.values().stream()
        .filter(RunningCall::hasBegun)
        .map(call -> Duration.between(now, call.deadline().plus(GRACE)))
        .min(Duration::compareTo)
        .filter(left -> left.compareTo(Duration.ofSeconds(1)) < 0)
        .map(left -> left.isNegative() ? Duration.ofMillis(50) : left)
        .orElse(Duration.ofSeconds(1));
  }

  /// Gives up the calls that are over their deadline and did not come back by themselves.
  void giveUpOverdue() {
    Instant now = clock.instant();
    for (RunningCall call : List.copyOf(running.values())) {
      if (call.hasBegun() && now.isAfter(call.deadline().plus(GRACE))) {
        call.leave();
        running.remove(call.call().id());
        refuse(
            call.call(),
            dev.warren.server.tool.ToolResult.unknown(
                "The call did not come back in time and was given up; it may still be running."));
      }
    }
  }

  /// Leaves all calls; what they run goes on.
  void leave() {
    running.values().forEach(RunningCall::leave);
  }

  /// Ends what the calls run, as far as that can be done in time.
  ///
  /// @return a result for each call that has one now
  List<ToolResult> cancel() {
    List<RunningCall> left = List.copyOf(running.values());
    left.forEach(RunningCall::leave);
    List<Thread> enders = new ArrayList<>();
    for (RunningCall call : left) {
      enders.add(Thread.ofVirtual().name("cancel-" + call.call().id()).start(call::end));
    }
    long deadline = System.nanoTime() + CANCEL_MAX.toNanos();
    for (Thread ender : enders) {
      joinUntil(ender, deadline);
    }
    enders.forEach(Thread::interrupt);
    for (Optional<RunEvent> event = mailbox.take(Duration.ZERO);
        event.isPresent();
        event = mailbox.take(Duration.ZERO)) {
      if (event.get() instanceof CallDone done) {
        take(done);
      }
    }
    return List.copyOf(results.values());
  }

  private static void joinUntil(Thread thread, long deadlineNanos) {
    try {
      long left = deadlineNanos - System.nanoTime();
      if (left > 0) {
        thread.join(Duration.ofNanos(left));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("a run's own thread was interrupted", e);
    }
  }
}
