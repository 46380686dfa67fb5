package dev.warren.server.agent;

import dev.warren.server.agent.RunEvent.CallDone;
import dev.warren.server.agent.RunEvent.CallLeft;
import dev.warren.server.chat.Lease;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.db.DatabaseException;
import dev.warren.server.db.Shield;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolResult;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A tool call and its thread. What comes of it goes into the run's mailbox.
final class RunningCall {
  private static final Logger log = LoggerFactory.getLogger(RunningCall.class);

  private final Work<?> work;
  private final StoredPart.ToolCall call;
  private final Instant deadline;
  private final List<RunningCall> waitFor;
  private final Lease lease;
  private final LedgerStore ledger;
  private final Mailbox<RunEvent> mailbox;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Thread thread;
  private volatile long begunNanos;
  private volatile boolean begun;

  /// A tool with its checked input.
  record Work<I extends Record>(Tool<I> tool, I input, CallContext context) {
    private ToolResult execute() throws InterruptedException {
      return tool.execute(context, input);
    }

    private ToolResult cancel() throws InterruptedException {
      return tool.cancel(context, input);
    }
  }

  /// @param waitFor calls of the same message that have to end first
  RunningCall(
      Work<?> work,
      StoredPart.ToolCall call,
      Instant deadline,
      List<RunningCall> waitFor,
      Lease lease,
      LedgerStore ledger,
      Mailbox<RunEvent> mailbox) {
    this.work = work;
    this.call = call;
    this.deadline = deadline;
    this.waitFor = List.copyOf(waitFor);
    this.lease = lease;
    this.ledger = ledger;
    this.mailbox = mailbox;
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

  private long runningMs() {
    return begun ? (System.nanoTime() - begunNanos) / 1_000_000 : 0;
  }

  void start() {
    thread = Thread.ofVirtual().name("tool-" + call.name() + "-" + call.id()).start(this::run);
  }

  /// Leaves it; what it runs goes on.
  void leave() {
    Thread mine = thread;
    if (mine != null) {
      mine.interrupt();
    }
  }

  /// Ends what it runs, after it was left, and notes the outcome.
  void end() {
    try {
      ToolResult result =
          begun
              ? work.cancel()
              : ToolResult.error("The user interrupted the turn before this call was started.");
      StoredPart.ToolResult answer =
          StoredPart.ToolResult.of(call, ResultCap.cap(result.output()), true, runningMs());
      if (Shield.call(() -> ledger.finish(lease.chat(), lease.number(), answer, false))) {
        mailbox.put(new CallDone(answer));
      }
    } catch (InterruptedException e) {
      log.info("ending the call {} takes too long; it is tried again later", call.id());
    } catch (RuntimeException e) {
      log.warn("cannot end the call {}; it is tried again later", call.id(), e);
    }
  }

  private void run() {
    try {
      for (RunningCall other : waitFor) {
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
    if (!noted(() -> ledger.start(lease.chat(), lease.number(), call.id()))) {
      return new CallLeft(call.id());
    }
    begunNanos = System.nanoTime();
    begun = true;
    ToolResult result = execute();
    StoredPart.ToolResult answer =
        StoredPart.ToolResult.of(call, ResultCap.cap(result.output()), result.error(), runningMs());
    boolean noted =
        noted(() -> ledger.finish(lease.chat(), lease.number(), answer, result.unknown()));
    return noted ? new CallDone(answer) : new CallLeft(call.id());
  }

  /// Writes into the ledger, when the database cannot be reached as soon as it can be, unless the
  /// call is left before.
  private static boolean noted(Supplier<Boolean> write) throws InterruptedException {
    while (true) {
      try {
        return Shield.call(write);
      } catch (DatabaseException e) {
        log.info("the ledger waits for the database: {}", e.toString());
        TimeUnit.NANOSECONDS.sleep(Outage.PAUSE.toNanos());
      }
    }
  }

  private ToolResult execute() throws InterruptedException {
    try {
      return work.execute();
    } catch (ToolFailure e) {
      return e.result();
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      log.error("the tool {} failed in call {}", call.name(), call.id(), e);
      return ToolResult.error(
          "The tool "
              + call.name()
              + " failed by a fault of the control plane, which was logged. Try once more, or"
              + " another way.");
    }
  }
}
