package dev.warren.server.chat;

import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import dev.warren.server.replica.ReplicaId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The one door through which chats change: each pass is a transaction on the locked row, which
/// ends with a bumped version and, after the commit, a signal. Whoever acts (a user, a worker, …)
/// has a class of named transitions that goes through it.
final class TransitionGate {
  private final ChatChangeStore store;
  private final ChatSignals signals;

  TransitionGate(Database database, ChatSignals signals) {
    this.store = new ChatChangeStore(database);
    this.signals = signals;
  }

  /// Inserts a chat and hands it to `work`, in one transaction.
  void create(NewChat chat, Consumer<LockedChatStore> work) {
    store.create(chat, work).signals().forEach(signals::committed);
  }

  /// Runs `work` on the locked chat; a [ChatException] changes nothing.
  <T> T change(ChatId id, Function<LockedChatStore, T> work) {
    record Done<T>(T result, LockedChatStore chat) {}
    Done<T> done = store.change(id, chat -> new Done<>(work.apply(chat), chat));
    done.chat().signals().forEach(signals::committed);
    return done.result();
  }

  /// Runs `work` for a worker, which must hold the lease, from a state that `transition` allows.
  <T> T owned(Lease lease, Transition transition, Function<LockedChatStore, T> work) {
    return change(
        lease.chat(),
        chat -> {
          if (chat.lease() != lease.number() || !chat.worker().equals(Optional.of(lease.owner()))) {
            throw lost(lease.chat());
          }
          transition.check(chat.status());
          return work.apply(chat);
        });
  }

  /// As [#owned], for a tool's call, which knows the lease's number and not its holder: since each
  /// claim and take-over raises the number, it belongs to the present owner alone.
  <T> T owned(
      ChatId id, long leaseNumber, Transition transition, Function<LockedChatStore, T> work) {
    return change(
        id,
        chat -> {
          if (chat.lease() != leaseNumber || chat.worker().isEmpty()) {
            throw lost(id);
          }
          transition.check(chat.status());
          return work.apply(chat);
        });
  }

  private static ChatException lost(ChatId id) {
    return new ChatException(
        ChatException.Kind.LEASE_LOST, "The chat " + id + " has another owner.");
  }

  List<Chat> claim(ReplicaId replica, int slots, int perOwnerMax) {
    List<Chat> chats = store.claim(replica, slots, perOwnerMax);
    for (Chat chat : chats) {
      signals.committed(
          signal(chat.id(), chat.ownerId(), chat.version(), chat.status(), chat.lease()));
    }
    return chats;
  }

  private static ChatSignals.Signal signal(
      ChatId id, UserId owner, long version, ChatStatus status, long lease) {
    ChatSignals.State state = new ChatSignals.State(status, lease);
    return new ChatSignals.Signal(id, owner, version, Optional.of(state));
  }
}
