package dev.warren.server.agent;

import dev.warren.server.agent.RunEvent.CallDone;
import dev.warren.server.agent.RunEvent.CallLeft;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.Lease;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.chat.StoredPart.ToolResult;
import dev.warren.server.db.Shield;
import dev.warren.server.tool.InputType.Reading;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.Tool.Effect;
import dev.warren.server.tool.Tool.Family;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolRegistry;
import dev.warren.server.tool.ToolRegistry.Entry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tool calls of one message while they run: each on a thread of its own, in parallel as far as
/// their effects allow, each noted in the ledger before it starts and when it has ended. Driven by
/// the run's thread.
final class ToolCalls {
  /// How long after its deadline a call may still come back by itself.
  static final Duration GRACE = Duration.ofSeconds(5);

  /// How long ending what a call runs may take; the answer to an interruption is due in 5 s.
  static final Duration CANCEL_MAX = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(ToolCalls.class);

  private final LedgerStore ledger;
  private final ToolRegistry registry;
  private final Set<String> disabled;
  private final Clock clock;
  private final RunScope run;
  private final Mailbox<RunEvent> mailbox;
  private final Map<UUID, Running> running = new LinkedHashMap<>();
  private final Map<UUID, ToolResult> results = new LinkedHashMap<>();

  /// What a message's calls share with the run.
  ///
  /// @param context makes the context of a call
  record RunScope(Lease lease, Function<Asked, CallContext> context) {}

  /// A call that is about to run.
  record Asked(StoredPart.ToolCall call, int part, Instant deadline, boolean resumed) {}

  ToolCalls(
      LedgerStore ledger,
      ToolRegistry registry,
      Set<String> disabled,
      Clock clock,
      RunScope run,
      Mailbox<RunEvent> mailbox) {
    this.ledger = ledger;
    this.registry = registry;
    this.disabled = disabled;
    this.clock = clock;
    this.run = run;
    this.mailbox = mailbox;
  }

  /// Starts every call that has no outcome yet; what an earlier owner of the chat brought to an end
  /// is taken from the ledger.
  void start(ChatMessage message, List<StoredPart.ToolCall> calls, LoopGuard loops) {
    Map<UUID, LedgerStore.Call> known = new LinkedHashMap<>();
    List<UUID> ids = calls.stream().map(StoredPart.ToolCall::id).toList();
    ledger.calls(run.lease().chat(), ids).forEach(row -> known.put(row.id(), row));
    List<Running> earlier = new ArrayList<>();
    for (StoredPart.ToolCall call : calls) {
      LedgerStore.Call row = known.get(call.id());
      Optional<ToolResult> outcome = Optional.ofNullable(row).flatMap(LedgerStore.Call::outcome);
      if (outcome.isPresent()) {
        results.put(call.id(), outcome.get());
        continue;
      }
      boolean resumed = row != null && row.state() == LedgerStore.State.STARTED;
      Optional<dev.warren.server.tool.ToolResult> refusal = refusal(call, loops);
      Optional<Entry<?>> entry = registry.find(call.name());
      if (refusal.isPresent() || entry.isEmpty()) {
        refuse(call, refusal.orElseGet(() -> unknownTool(call)));
        continue;
      }
      prepare(entry.get(), message, call, resumed, earlier)
          .ifPresent(prepared -> {
            earlier.add(prepared);
            running.put(call.id(), prepared);
          });
    }
    running.values().forEach(Running::start);
  }

  private <I extends Record> Optional<Running> prepare(
      Entry<I> entry,
      ChatMessage message,
      StoredPart.ToolCall call,
      boolean resumed,
      List<Running> earlier) {
    return switch (entry.input().read(call.rawInput())) {
      case Reading.Invalid<I> invalid -> {
        refuse(call, invalid.result(call.name()));
        yield Optional.empty();
      }
      case Reading.Valid<I>(I input) -> {
        Tool<I> tool = entry.tool();
        Instant deadline = clock.instant().plus(tool.timeout(input));
        CallContext context =
            run.context().apply(new Asked(call, part(message, call), deadline, resumed));
        List<Running> waitFor =
            earlier.stream().filter(other -> mustWait(tool, other.tool())).toList();
        yield Optional.of(new Running(new Work<>(tool, input, context), call, deadline, waitFor));
      }
    };
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

  private Optional<dev.warren.server.tool.ToolResult> refusal(
      StoredPart.ToolCall call, LoopGuard loops) {
    if (registry.find(call.name()).isEmpty()) {
      return Optional.of(unknownTool(call));
    }
    if (disabled.contains(call.name())) {
      return Optional.of(
          dev.warren.server.tool.ToolResult.error(
              "The administrator has turned the tool " + call.name() + " off. Work without it."));
    }
    boolean polls = registry.find(call.name()).map(entry -> entry.tool().polls()).orElse(false);
    return polls ? Optional.empty() : loops.verdict(call);
  }

  private dev.warren.server.tool.ToolResult unknownTool(StoredPart.ToolCall call) {
    List<String> names =
        registry.names().stream().filter(name -> !disabled.contains(name)).sorted().toList();
    return dev.warren.server.tool.ToolResult.error(
        "There is no tool named '" + call.name() + "'. There are: " + String.join(", ", names));
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

  boolean done() {
    return running.isEmpty();
  }

  /// The results that there are, by call.
  Map<UUID, ToolResult> results() {
    return results;
  }

  /// The longest wait until a call is overdue.
  Duration patience() {
    Instant now = clock.instant();
    return running.values().stream()
        .filter(Running::hasBegun)
        .map(call -> Duration.between(now, call.deadline().plus(GRACE)))
        .min(Duration::compareTo)
        .filter(left -> left.compareTo(Duration.ofSeconds(1)) < 0)
        .map(left -> left.isNegative() ? Duration.ofMillis(50) : left)
        .orElse(Duration.ofSeconds(1));
  }

  /// Gives up the calls that are over their deadline and did not come back by themselves.
  void giveUpOverdue() {
    Instant now = clock.instant();
    for (Running call : List.copyOf(running.values())) {
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
    running.values().forEach(Running::leave);
  }

  /// Ends what the calls run, as far as that can be done in time.
  ///
  /// @return a result for each call that has one now
  List<ToolResult> cancel() {
    List<Running> left = List.copyOf(running.values());
    left.forEach(Running::leave);
    List<Thread> enders = new ArrayList<>();
    for (Running call : left) {
      enders.add(Thread.ofVirtual().name("cancel-" + call.call().id()).start(() -> end(call)));
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

  private void end(Running call) {
    try {
      dev.warren.server.tool.ToolResult result =
          call.hasBegun()
              ? call.work().cancel()
              : dev.warren.server.tool.ToolResult.error(
                  "The user interrupted the turn before this call was started.");
      ToolResult answer =
          ToolResult.of(call.call(), ResultCap.cap(result.output()), true, call.runningMs());
      if (Shield.call(
          () -> ledger.finish(run.lease().chat(), run.lease().number(), answer, false))) {
        mailbox.put(new CallDone(answer));
      }
    } catch (InterruptedException e) {
      log.info("ending the call {} takes too long; it is tried again later", call.call().id());
    } catch (RuntimeException e) {
      log.warn("cannot end the call {}; it is tried again later", call.call().id(), e);
    }
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

  /// A tool with its checked input.
  private record Work<I extends Record>(Tool<I> tool, I input, CallContext context) {
    dev.warren.server.tool.ToolResult execute() throws InterruptedException {
      return tool.execute(context, input);
    }

    dev.warren.server.tool.ToolResult cancel() throws InterruptedException {
      ToolContext cancelling = context;
      return tool.cancel(cancelling, input);
    }
  }

  /// A call and its thread.
  private final class Running {
    private final Work<?> work;
    private final StoredPart.ToolCall call;
    private final Instant deadline;
    private final List<Running> waitFor;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Thread thread;
    private volatile long begunNanos;
    private volatile boolean begun;

    Running(Work<?> work, StoredPart.ToolCall call, Instant deadline, List<Running> waitFor) {
      this.work = work;
      this.call = call;
      this.deadline = deadline;
      this.waitFor = waitFor;
    }

    Work<?> work() {
      return work;
    }

    Tool<?> tool() {
      return work.tool();
    }

    StoredPart.ToolCall call() {
      return call;
    }

    Instant deadline() {
      return deadline;
    }

    boolean hasBegun() {
      return begun;
    }

    long runningMs() {
      return begun ? (System.nanoTime() - begunNanos) / 1_000_000 : 0;
    }

    void start() {
      thread = Thread.ofVirtual().name("tool-" + call.name() + "-" + call.id()).start(this::run);
    }

    void leave() {
      Thread mine = thread;
      if (mine != null) {
        mine.interrupt();
      }
    }

    private void run() {
      try {
        for (Running other : waitFor) {
          other.ended.await();
        }
        mailbox.put(perform());
      } catch (InterruptedException e) {
        mailbox.put(new CallLeft(call.id()));
      } catch (RuntimeException e) {
        log.error("the call {} of {} could not be noted in the ledger", call.id(), call.name(), e);
        mailbox.put(new RunEvent.AskFailed(e));
      } finally {
        ended.countDown();
      }
    }

    private RunEvent perform() throws InterruptedException {
      var lease = ToolCalls.this.run.lease();
      if (!Shield.call(() -> ledger.start(lease.chat(), lease.number(), call.id()))) {
        return new CallLeft(call.id());
      }
      begunNanos = System.nanoTime();
      begun = true;
      dev.warren.server.tool.ToolResult result = execute();
      ToolResult answer =
          ToolResult.of(call, ResultCap.cap(result.output()), result.error(), runningMs());
      boolean unknown = result.output().path("outcome").asString("").equals("unknown");
      boolean noted =
          Shield.call(() -> ledger.finish(lease.chat(), lease.number(), answer, unknown));
      return noted ? new CallDone(answer) : new CallLeft(call.id());
    }

    private dev.warren.server.tool.ToolResult execute() throws InterruptedException {
      try {
        return work.execute();
      } catch (ToolFailure e) {
        return e.result();
      } catch (RuntimeException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        log.error("the tool {} failed in call {}", call.name(), call.id(), e);
        return dev.warren.server.tool.ToolResult.error(
            "The tool "
                + call.name()
                + " failed by a fault of the control plane, which was logged. Try once more, or"
                + " another way.");
      }
    }
  }
}
