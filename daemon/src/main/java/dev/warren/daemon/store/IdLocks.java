package dev.warren.daemon.store;

import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// One lock an effect's id (striped): two requests with the same id follow each other.
public final class IdLocks {
  private final ReentrantLock[] stripes =
      Stream.generate(ReentrantLock::new).limit(256).toArray(ReentrantLock[]::new);

  /// Held until closed.
  public Held hold(UUID id) {
    ReentrantLock stripe = stripes[Math.floorMod(id.hashCode(), stripes.length)];
    stripe.lock();
    return new Held(stripe);
  }

  public record Held(ReentrantLock stripe) implements AutoCloseable {
    @Override
    public void close() {
      stripe.unlock();
    }
  }
}
