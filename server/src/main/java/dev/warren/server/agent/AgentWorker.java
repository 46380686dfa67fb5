package dev.warren.server.agent;

import dev.warren.server.chat.BudgetStore;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatException;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatSignals;
import dev.warren.server.chat.ChatStatus;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.ChatTransitions;
import dev.warren.server.chat.InstructionsStore;
import dev.warren.server.chat.Lease;
import dev.warren.server.chat.LedgerStore;
import dev.warren.server.chat.RecordedWorkStore;
import dev.warren.server.chat.events.ChatEvents;
import dev.warren.server.replica.Replica;
import dev.warren.server.tool.ToolRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This replica's worker: claims pending chats and runs them, beats, takes over what dead replicas
/// left, and hands its own chats over when it stops.
public final class AgentWorker implements ChatSignals.Listener, AutoCloseable {
  /// Between two beats; also the longest time until a change is found that no signal told of.
  static final Duration BEAT = Duration.ofSeconds(1);

  /// Without a beat for this long, others may take over: this replica must have stopped by then.
  static final Duration SILENCE_MAX = Duration.ofSeconds(4);

  /// Between two looks at how long ago the last beat was.
  private static final Duration WATCH = Duration.ofMillis(250);

  /// How long a clean stop waits for its runs to give their chats back.
  static final Duration HAND_OVER_MAX = Duration.ofSeconds(4);

  /// Changes older than this are known from an earlier poll.
  private static final int POLL_BACK_SECONDS = 10;

  /// Chats that one claim takes.
  private static final int CLAIM_MAX = 64;

  private static final Logger log = LoggerFactory.getLogger(AgentWorker.class);

  private final AgentParts parts;
  private final ChatSignals signals;
  private final Replica replica;
  private final Supplier<AgentLimits> wanted;

  /// As of the last beat.
  private volatile AgentLimits limits = AgentLimits.DEFAULT;

  private final ConcurrentHashMap<ChatId, ChatRun> runs = new ConcurrentHashMap<>();
  private final Semaphore wake = new Semaphore(0);
  private final Cancellations cancellations;
  private volatile boolean stopping;
  private @Nullable Thread loop;
  private volatile long lastBeatNanos;
  private final CountDownLatch stopped = new CountDownLatch(1);

  public AgentWorker(
      ChatStore store,
      ChatTransitions transitions,
      LedgerStore ledger,
      RecordedWorkStore recorded,
      BudgetStore budgets,
      InstructionsStore instructions,
      ChatEvents events,
      ChatSignals signals,
      ToolRegistry registry,
      AgentSources sources,
      Replica replica,
      Supplier<AgentLimits> limits,
      Clock clock) {
    this.parts =
        new AgentParts(
            store,
            transitions,
            ledger,
            recorded,
            budgets,
            instructions,
            events,
            registry,
            sources,
            new Titles(transitions.worker()),
            new RetryPlan(new Random()),
            clock);
    this.signals = signals;
    this.replica = replica;
    this.wanted = limits;
    this.cancellations = new Cancellations(parts);
  }

  /// Enters the replica into the database and begins to claim.
  public void start() {
    replica.start();
    lastBeatNanos = System.nanoTime();
    signals.add(this);
    cancellations.start();
    limits = wanted.get();
    loop = Thread.ofVirtual().name("agent-worker").start(this::loop);
    Thread.ofVirtual().name("agent-silence").start(this::watch);
  }

  /// Stops the turns when no beat gets through, also while the loop hangs in the database.
  private void watch() {
    try {
      while (!stopped.await(WATCH.toMillis(), TimeUnit.MILLISECONDS)) {
        stopWhenSilent();
      }
    } catch (InterruptedException e) {
      log.debug("nobody watches the beats any more", e);
    }
  }

  @Override
  public void changed(ChatSignals.Signal signal, boolean here) {
    ChatRun run = runs.get(signal.chat());
    if (run != null && signal.deleted()) {
      run.stop(StopReason.LOST);
    } else if (run != null && signal.state().isPresent()) {
      observe(run, signal.state().get().lease(), signal.state().get().status());
    }
    boolean claimable =
        signal.state().map(state -> state.status() == ChatStatus.PENDING).orElse(true);
    if (claimable) {
      wake.release();
    }
    if (here && run != null) {
      cancellations.look();
    }
  }

  private static void observe(ChatRun run, long lease, ChatStatus status) {
    // A lower one is old news of another replica.
    if (lease > run.lease().number()) {
      run.stop(StopReason.LOST);
    } else if (lease == run.lease().number() && status == ChatStatus.INTERRUPTING) {
      run.stop(StopReason.INTERRUPTED);
    }
  }

  /// How many chats this replica owns.
  public int running() {
    return runs.size();
  }

  private void loop() {
    long nextBeat = System.nanoTime();
    while (!stopping) {
      try {
        long left = nextBeat - System.nanoTime();
        if (left <= 0) {
          nextBeat = System.nanoTime() + BEAT.toNanos();
          beat();
        }
        claim();
        if (wake.tryAcquire(Math.max(1, nextBeat - System.nanoTime()), TimeUnit.NANOSECONDS)) {
          wake.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        log.warn("the worker's look at the database failed; it looks again soon", e);
        pause();
      }
    }
  }

  private void pause() {
    try {
      wake.tryAcquire(200, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stopping = true;
    }
  }

  private void beat() {
    switch (replica.tick()) {
      case ALIVE -> {}
      case OTHERS_DIED -> log.info("took over from a dead replica");
      case REBORN -> {
        log.warn("others had declared this replica dead; its turns are theirs now");
        stopAll(StopReason.LOST);
      }
    }
    lastBeatNanos = System.nanoTime();
    limits = wanted.get();
    for (ChatStore.Orphan orphan : parts.store().orphans()) {
      takeOver(orphan);
    }
    checkOwned();
    for (ChatStore.ChangedChat chat : parts.store().changedWithin(POLL_BACK_SECONDS)) {
      signals.heard(
          new ChatSignals.Signal(chat.id(), chat.owner(), chat.version(), Optional.empty()));
    }
  }

  private void takeOver(ChatStore.Orphan orphan) {
    try {
      parts.transitions().worker().orphan(orphan.id(), orphan.worker());
    } catch (ChatException e) {
      log.debug("chat {} was taken over by another", orphan.id(), e);
    }
  }

  /// What the database says of this replica's chats: interruptions and losses that no signal told
  /// of, and chats whose run broke off.
  private void checkOwned() {
    for (ChatStore.Owned owned : parts.store().owned(replica.id())) {
      ChatRun run = runs.get(owned.id());
      if (run != null) {
        observe(run, owned.lease(), owned.status());
      } else {
        release(new Lease(owned.id(), owned.lease(), replica.id()));
      }
    }
  }

  private void release(Lease lease) {
    try {
      parts.transitions().worker().release(lease);
    } catch (ChatException e) {
      log.debug("chat {} was not given back", lease.chat(), e);
    }
  }

  private void stopWhenSilent() {
    if (System.nanoTime() - lastBeatNanos > SILENCE_MAX.toNanos()) {
      stopAll(StopReason.LOST);
    }
  }

  private void stopAll(StopReason reason) {
    runs.values().forEach(run -> run.stop(reason));
  }

  private void claim() {
    int free = free();
    while (free > 0 && !stopping) {
      List<Chat> claimed =
          parts.transitions().worker().claim(replica.id(), free, limits.runsPerOwnerMax());
      claimed.forEach(this::begin);
      if (claimed.size() < free) {
        return;
      }
      free = free();
    }
  }

  private int free() {
    long busy = runs.values().stream().filter(run -> !run.resting()).count();
    return (int) Math.min(CLAIM_MAX, limits.runsMax() - busy);
  }

  private void begin(Chat chat) {
    Lease lease = new Lease(chat.id(), chat.lease(), replica.id());
    ChatRun run = new ChatRun(parts, chat, lease, wake::release);
    runs.put(chat.id(), run);
    Thread.ofVirtual()
        .name("chat-" + chat.id())
        .start(() -> {
          try {
            run.run();
          } finally {
            runs.remove(chat.id(), run);
            wake.release();
          }
        });
    if (stopping) {
      run.stop(StopReason.HAND_OVER);
    }
  }

  /// Stops claiming, hands all chats over, and signs off.
  @Override
  public void close() {
    end(StopReason.HAND_OVER);
    replica.close();
  }

  /// Stops as a crash would: nothing is handed over, others have to find out.
  void vanish() {
    end(StopReason.LOST);
    replica.vanish();
  }

  private void end(StopReason reason) {
    stopping = true;
    stopped.countDown();
    cancellations.close();
    parts.titles().close();
    wake.release();
    if (loop != null) {
      joinQuietly(loop, Duration.ofSeconds(1));
    }
    stopAll(reason);
    long deadline = System.nanoTime() + HAND_OVER_MAX.toNanos();
    while (!runs.isEmpty() && System.nanoTime() < deadline) {
      joinQuietly(Thread.ofVirtual().start(this::pause), Duration.ofMillis(10));
    }
    if (!runs.isEmpty()) {
      log.warn("{} chats were not handed over in time; others will find them", runs.size());
    }
  }

  private static void joinQuietly(Thread thread, Duration max) {
    try {
      thread.join(max);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
