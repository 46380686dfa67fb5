package dev.warren.server.chat.events;

import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.http.Frame;
import java.util.List;
import java.util.Optional;

/// Brings a reader to a feed: reads what it lacks, waits a moment for what the chat's owner says of
/// the message in flight, and tries again when the feed went on meanwhile. On the reader's thread,
/// without the feed's lock.
record Attachment(ChatFeed feed, ChatStore store, LiveFollowers followers) {

  /// @return what the reader lacks since `after`; from then on it gets frames
  List<Frame> attach(ChatSubscription reader, Optional<String> after) {
    Optional<Cursor> cursor = after.flatMap(Cursor::parse);
    while (true) {
      Optional<ChatStore.Changes> changes =
          cursor
              .flatMap(at -> store.changes(feed.chatId(), at.version(), AttachFrames.MESSAGES_MAX))
              .filter(found -> AttachFrames.reach(found, cursor.orElseThrow()));
      Optional<ChatStore.State> state =
          changes.isPresent()
              ? Optional.empty()
              : store.state(feed.chatId(), AttachFrames.SNAPSHOT_MESSAGES);
      if (changes.isEmpty() && state.isEmpty()) {
        reader.end();
        return List.of();
      }
      Chat read = changes.map(ChatStore.Changes::chat).orElseGet(() -> state.orElseThrow().chat());
      if (followers.await(feed, read) || feed.awaitMirror(cursor)) {
        // Something may be committed meanwhile.
        continue;
      }
      Optional<List<Frame>> frames =
          changes.isPresent()
              ? feed.resume(reader, cursor.orElseThrow(), changes.get())
              : feed.start(reader, state.orElseThrow());
      if (frames.isPresent()) {
        return frames.get();
      }
    }
  }
}
