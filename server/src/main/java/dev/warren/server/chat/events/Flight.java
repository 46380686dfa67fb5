package dev.warren.server.chat.events;

import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.events.Cursor.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The message in flight of one chat, as one replica shows it: written here, or mirrored from the
/// replica that owns the chat. Not thread-safe: its [ChatFeed] guards it.
///
/// Two clocks meet here: what is in flight comes at once, what is committed when the database was
/// read. So text that follows a later version than the readers have waits, and of a message that
/// was shown whole before its commit was read it is remembered how far.
final class Flight {
  /// Messages that are remembered as read, so that a late word of one begins it no second time.
  private static final int READ_MAX = 64;

  private @Nullable LiveMessage live;

  /// The version that readers must have before they see `live`.
  private long from;

  /// Of a mirrored message, the lease under which it is written; 0 for one written here.
  private long mirroredLease;

  /// Messages that were shown before their commit, or their loss, was read.
  private final Map<MessageId, Shown> shown = new HashMap<>();

  private final Set<MessageId> read = new LinkedHashSet<>();

  /// @param inVersion once this version was read, the message is among what was read, or is lost
  private record Shown(Position position, long inVersion) {}

  Optional<LiveMessage> live() {
    return Optional.ofNullable(live);
  }

  /// The live message, if readers at this version may see it.
  Optional<LiveMessage> visible(long version) {
    return version >= from ? live() : Optional.empty();
  }

  boolean is(MessageId id) {
    return live != null && live.id().equals(id);
  }

  boolean isMirrored() {
    return live != null && mirroredLease > 0;
  }

  /// Whether a model writes here.
  boolean isOwn() {
    return live != null && mirroredLease == 0;
  }

  /// Whether a reader has seen more of the mirrored message than has come here.
  boolean isBehind(Cursor cursor) {
    return live != null && isMirrored() && cursor.of(live.id()).isAfter(live.position());
  }

  /// A message begins; one that is still there has ended unseen.
  ///
  /// @param lease 0 when it is written here
  void begin(LiveMessage message, long afterVersion, long lease, long version) {
    if (live != null && isMirrored() && visible(version).isPresent()) {
      shown.put(live.id(), new Shown(live.position(), afterVersion));
    }
    live = message;
    from = afterVersion;
    mirroredLease = lease;
  }

  /// The owner has begun a message, or says again what it has so far.
  ///
  /// @return the message to put that into; empty when it is old news
  Optional<LiveMessage> mirror(LiveUpdate.Began began, long version) {
    MessageId id = new MessageId(began.message());
    if (isOwn() || read.contains(id)) {
      return Optional.empty();
    }
    if (!is(id)) {
      LiveMessage message = new LiveMessage(id, began.seq(), began.createdAt());
      begin(message, began.afterVersion(), began.lease(), version);
    }
    return live();
  }

  void committed(LiveMessage message, long inVersion, long version) {
    if (live != message) {
      return;
    }
    live = null;
    if (version >= 0 && version >= from && version < inVersion) {
      shown.put(message.id(), new Shown(message.position(), inVersion));
    }
  }

  /// @return whether readers saw some of it
  boolean abandon(LiveMessage message, long version) {
    if (live != message) {
      return false;
    }
    live = null;
    return version >= from && message.shown();
  }

  /// How far readers at this version have read what is not committed to them yet.
  Map<MessageId, Position> positions(long version) {
    Map<MessageId, Position> positions = new HashMap<>();
    shown.forEach((id, one) -> positions.put(id, one.position()));
    visible(version).ifPresent(message -> positions.put(message.id(), message.position()));
    return positions;
  }

  /// The database was read up to `chat`'s version.
  ///
  /// @param messages that were among what was read
  /// @return messages that were shown and are lost
  List<MessageId> read(Chat chat, List<ChatMessage> messages) {
    for (ChatMessage message : messages) {
      note(message.id());
      shown.remove(message.id());
      if (is(message.id())) {
        live = null;
      }
    }
    List<MessageId> lost = new ArrayList<>();
    shown.forEach((id, one) -> {
      if (one.inVersion() <= chat.version()) {
        lost.add(id);
      }
    });
    lost.forEach(shown::remove);
    if (live != null && isStale(chat)) {
      if (live.shown()) {
        lost.add(live.id());
      }
      live = null;
    }
    return lost;
  }

  private void note(MessageId id) {
    read.add(id);
    if (read.size() > READ_MAX) {
      read.remove(read.iterator().next());
    }
  }

  /// Whether a mirrored message's owner has lost or left the chat, without a word to us.
  private boolean isStale(Chat chat) {
    boolean owned = chat.workerId().isPresent() && chat.lease() == mirroredLease;
    return isMirrored() && chat.version() >= from && !owned;
  }

  /// Readers start from their own positions: what was shown before is forgotten.
  void forgetShown() {
    shown.clear();
  }

  boolean hasShown() {
    return !shown.isEmpty();
  }

  /// Where readers at this version are.
  Cursor cursor(long version) {
    Cursor at = Cursor.at(Math.max(version, 0));
    Optional<LiveMessage> visible = visible(version);
    if (visible.isPresent()) {
      return at.in(visible.get().id(), visible.get().position());
    }
    for (Map.Entry<MessageId, Shown> message : shown.entrySet()) {
      // At most one: the next message waits until the commit of this one was read.
      return at.in(message.getKey(), message.getValue().position());
    }
    return at;
  }
}
