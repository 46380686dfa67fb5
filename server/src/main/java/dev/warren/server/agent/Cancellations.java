package dev.warren.server.agent;

import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.Lease;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.MessageId;
import dev.warren.server.db.Shield;
import dev.warren.server.replica.ReplicaId;
import dev.warren.server.tool.InputType.Reading;
import dev.warren.server.tool.ToolContext.Owner;
import dev.warren.server.tool.ToolRegistry.Entry;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends, later, what could not be ended at once: calls that were interrupted while their workspace
/// did not answer, or whose message an edit removed. Each is tried again with growing pauses.
final class Cancellations implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(5);
  private static final Duration ATTEMPT_MAX = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(Cancellations.class);

  private final AgentParts parts;
  private final Semaphore wake = new Semaphore(0);
  private volatile boolean stopping;

  Cancellations(AgentParts parts) {
    this.parts = parts;
  }

  void start() {
    Thread.ofVirtual().name("cancellations").start(this::loop);
  }

  /// There may be something to do.
  void look() {
    wake.release();
  }

  private void loop() {
    while (!stopping) {
      try {
        wake.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
        wake.drainPermits();
        for (LedgerStore.Call call : parts.ledger().takeCancellations()) {
          Thread.ofVirtual().name("cancel-" + call.id()).start(() -> attempt(call));
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.warn("cannot look for calls to end; looking again soon", e);
      }
    }
  }

  private void attempt(LedgerStore.Call call) {
    Thread self = Thread.currentThread();
    Thread.ofVirtual()
        .start(() -> {
          try {
            if (!self.join(ATTEMPT_MAX)) {
              self.interrupt();
            }
          } catch (InterruptedException e) {
            self.interrupt();
          }
        });
    try {
      Optional<Entry<?>> entry = parts.registry().find(call.name());
      if (entry.isPresent()) {
        end(entry.get(), call);
      }
      Shield.call(() -> {
        parts.ledger().cancelDone(call.id());
        return true;
      });
    } catch (InterruptedException | RuntimeException e) {
      log.info("the call {} could not be ended yet: {}", call.id(), e.toString());
    }
  }

  private <I extends Record> void end(Entry<I> entry, LedgerStore.Call call)
      throws InterruptedException {
    if (!(entry.input().read(call.rawInput()) instanceof Reading.Valid<I>(I input))) {
      return;
    }
    ChatStore.Person person =
        parts.store().person(call.owner()).orElse(new ChatStore.Person("", ""));
    Optional<Chat> chat = parts.store().find(call.chat());
    Lease lease =
        new Lease(
            call.chat(), chat.map(Chat::lease).orElse(call.lease()), new ReplicaId(new UUID(0, 0)));
    CallContext context =
        new CallContext(
            lease,
            call.id(),
            new Owner(call.owner(), person.username(), person.email()),
            new BoundWorkspace(call.workspaceId()),
            parts.clock().instant().plus(ATTEMPT_MAX),
            true,
            new MessageId(call.id()),
            0,
            parts.transitions().worker(),
            parts.ledger(),
            parts.events());
    entry.tool().cancel(context, input);
  }

  @Override
  public void close() {
    stopping = true;
    wake.release();
  }
}
