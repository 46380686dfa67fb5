package dev.warren.server.chat;

import dev.warren.server.access.UserId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Tells this replica's parts, and the other replicas, that a chat has changed. Only a hint: who
/// hears it looks into the database, and who misses it polls. Listeners are called after the
/// commit, on the thread that committed, and must not block.
public final class ChatSignals {
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  public void add(Listener listener) {
    listeners.add(listener);
  }

  /// A change was committed here.
  void committed(Signal signal) {
    listeners.forEach(listener -> listener.changed(signal, true));
  }

  /// Another replica, or the poll, says so.
  public void heard(Signal signal) {
    listeners.forEach(listener -> listener.changed(signal, false));
  }

  /// What is told of a change.
  ///
  /// @param version after the change; of a deleted chat, `Long.MAX_VALUE`
  /// @param state absent when it was not this replica that made the change
  public record Signal(ChatId chat, UserId owner, long version, Optional<State> state) {
    /// Of a deleted chat.
    static Signal deleted(ChatId chat, UserId owner) {
      return new Signal(chat, owner, Long.MAX_VALUE, Optional.empty());
    }

    public boolean deleted() {
      return version == Long.MAX_VALUE;
    }
  }

  /// What workers want to know of a chat.
  public record State(ChatStatus status, long lease) {}

  /// Hears of changes.
  public interface Listener {
    /// @param here whether this replica committed it
    void changed(Signal signal, boolean here);
  }
}
