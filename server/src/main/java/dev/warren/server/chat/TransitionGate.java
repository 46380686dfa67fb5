package dev.warren.server.chat;

import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import dev.warren.server.replica.ReplicaId;
import java.util.List;
import java.util.Optional;
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
  void create(NewChat chat, Function<LockedChatStore, ?> work) {
    store.create(chat, work);
    signals.committed(signal(chat.id(), chat.owner(), 1, ChatStatus.PENDING, 0));
  }

  /// Runs `work` on the locked chat; a [ChatException] changes nothing.
  <T> T change(ChatId id, Function<LockedChatStore, T> work) {
    record Done<T>(T result, ChatSignals.Signal signal) {}
    Done<T> done =
        store.change(
            id,
            chat ->
                new Done<>(
                    work.apply(chat),
                    signal(id, chat.ownerId(), chat.version(), chat.status(), chat.lease())));
    signals.committed(done.signal());
    return done.result();
  }

  /// Runs `work` for a worker, which must hold the lease, from a state that `transition` allows.
  <T> T owned(Lease lease, Transition transition, Function<LockedChatStore, T> work) {
    return change(
        lease.chat(),
        chat -> {
          if (chat.lease() != lease.number() || !chat.worker().equals(Optional.of(lease.owner()))) {
            throw new ChatException(
                ChatException.Kind.LEASE_LOST, "The chat " + lease.chat() + " has another owner.");
          }
          transition.check(chat.status());
          return work.apply(chat);
        });
  }

  /// Runs `work`, which ends with the chat's deletion.
  void delete(ChatId id, Function<LockedChatStore, UserId> work) {
    UserId owner = store.change(id, work);
    signals.committed(ChatSignals.Signal.deleted(id, owner));
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
