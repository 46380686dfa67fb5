package dev.warren.tunnel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.protocol.tunnel.Coordination;
import dev.warren.protocol.tunnel.GitLogin;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What this node asks the relay over its attach connection, and the answers. A question ends with
/// the connection that it was asked on. Any thread.
final class RelayQuestions {
  /// Questions at once; git asks one at a time.
  private static final int OPEN_MAX = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private @Nullable RelayPath path;

  @GuardedBy("lock")
  private long lastId;

  /// Open questions, and the answer once it came.
  @GuardedBy("lock")
  private final Map<Long, Optional<Coordination.GitAnswer>> open = new HashMap<>();

  void attached(RelayPath now) {
    lock.lock();
    try {
      path = now;
    } finally {
      lock.unlock();
    }
  }

  void detached() {
    lock.lock();
    try {
      path = null;
      open.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void answered(Coordination.GitAnswer answer) {
    lock.lock();
    try {
      if (open.containsKey(answer.id())) {
        open.put(answer.id(), Optional.of(answer));
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  GitLogin gitLogin(String host, Duration within) throws IOException, InterruptedException {
    Coordination.GitAnswer answer = ask(host, within);
    if (answer.username().isEmpty() || answer.password().isEmpty()) {
      throw new IOException(answer.reason());
    }
    return new GitLogin(answer.username().get(), answer.password().get());
  }

  private Coordination.GitAnswer ask(String host, Duration within)
      throws IOException, InterruptedException {
    RelayPath here;
    long id;
    lock.lockInterruptibly();
    try {
      here = path;
      if (here == null) {
        throw new IOException("the workspace is not attached to the control plane now");
      }
      if (open.size() >= OPEN_MAX) {
        throw new IOException("%d questions to the control plane are open".formatted(OPEN_MAX));
      }
      id = ++lastId;
      open.put(id, Optional.empty());
    } finally {
      lock.unlock();
    }
    here.sendText(new Coordination.GitCredential(id, host).toJson());
    return await(id, within);
  }

  private Coordination.GitAnswer await(long id, Duration within)
      throws IOException, InterruptedException {
    lock.lock();
    try {
      return awaitLocked(id, within);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private Coordination.GitAnswer awaitLocked(long id, Duration within)
      throws IOException, InterruptedException {
    long left = within.toNanos();
    try {
      Optional<Coordination.GitAnswer> answer = open.get(id);
      while (answer != null && answer.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
        answer = open.get(id);
      }
      if (answer == null) {
        throw new IOException("the connection to the control plane was lost");
      }
      return answer.orElseThrow(() ->
          new IOException(
              "the control plane did not answer in %d s".formatted(within.toSeconds())));
    } finally {
      open.remove(id);
    }
  }
}
