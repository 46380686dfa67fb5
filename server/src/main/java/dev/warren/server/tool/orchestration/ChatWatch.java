package dev.warren.server.tool.orchestration;

import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatSignals;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.db.Shield;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Waits for chats to come to a state. Signals and the worker's poll wake a wait, and a look of its
/// own now and then keeps it right without them; the database decides.
final class ChatWatch implements ChatSignals.Listener {
  /// Between two looks that nothing asked for.
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final ChatStore store;
  private final ConcurrentHashMap<ChatId, Set<Semaphore>> waits = new ConcurrentHashMap<>();

  ChatWatch(ChatStore store) {
    this.store = store;
  }

  @Override
  public void changed(ChatSignals.Signal signal, boolean here) {
    waits.getOrDefault(signal.chat(), Set.of()).forEach(Semaphore::release);
  }

  /// The chat when it is as wanted, or as it is when the time is over; empty when it is gone.
  Optional<Chat> await(ChatId id, Predicate<Chat> wanted, Duration within)
      throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    Semaphore wake = new Semaphore(0);
    waits.compute(
        id,
        (key, set) -> {
          Set<Semaphore> all = set == null ? ConcurrentHashMap.newKeySet() : set;
          all.add(wake);
          return all;
        });
    try {
      while (true) {
        Optional<Chat> chat = Shield.call(() -> store.find(id));
        long left = deadline - System.nanoTime();
        if (chat.isEmpty() || wanted.test(chat.get()) || left <= 0) {
          return chat;
        }
        if (wake.tryAcquire(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS)) {
          wake.drainPermits();
        }
      }
    } finally {
      waits.computeIfPresent(
          id,
          (key, set) -> {
            set.remove(wake);
            return set.isEmpty() ? null : set;
          });
    }
  }
}
