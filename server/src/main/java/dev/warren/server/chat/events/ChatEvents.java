package dev.warren.server.chat.events;

import dev.warren.llm.StreamEvent;
import dev.warren.protocol.UuidV7;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatSignals;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.Lease;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.StoredPart;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// The event streams of chats on this replica. Thread-safe.
public final class ChatEvents implements ChatSignals.Listener, AutoCloseable {
  private final ChatStore store;
  private final LiveFollowers followers;
  private final ConcurrentHashMap<ChatId, ChatFeed> feeds = new ConcurrentHashMap<>();

  public ChatEvents(ChatStore store, LiveSource source) {
    this.store = store;
    this.followers = new LiveFollowers(source);
  }

  /// A reader of a chat's events. Close it.
  ///
  /// @param after the id of the last event that it has; a snapshot comes first when absent
  public ChatSubscription subscribe(ChatId chat, Optional<String> after) {
    ChatFeed feed = with(chat, ChatFeed::hold);
    ChatSubscription reader = new ChatSubscription(feed, after);
    reader.markLagged();
    return reader;
  }

  /// A model begins to write a message.
  ///
  /// @param lease under which the chat is owned
  /// @param afterVersion the chat's version that the message follows
  public Writing begin(Lease lease, MessageId message, long seq, long afterVersion) {
    LiveMessage live = new LiveMessage(message, seq, Instant.now());
    return new Writing(
        with(lease.chat(), feed -> feed.begin(live, afterVersion, lease.number())), live);
  }

  /// An ear of another replica. Close it.
  LiveTap tap(ChatId chat) {
    return with(chat, ChatFeed::hold).tap();
  }

  /// A message that nobody sees: it is not part of the conversation.
  public Writing unseen(ChatId chat) {
    LiveMessage live = new LiveMessage(new MessageId(UuidV7.next()), 0, Instant.now());
    return new Writing(new ChatFeed(chat, store, followers, nobody -> {}), live);
  }

  /// An attempt failed and another follows.
  public void retry(ChatId chat, int attempt, long inMs, String reason) {
    tell(chat, new LiveUpdate.Retry(attempt, inMs, reason));
  }

  /// A summary of the chat is being written; a message or a status tells how that ended.
  public void compacting(ChatId chat, String cause) {
    tell(chat, new LiveUpdate.Compacting(cause));
  }

  /// Some output of a running call, for those who look.
  public void toolOutput(ChatId chat, MessageId message, int part, String text) {
    tell(chat, new LiveUpdate.ToolOutput(message.value(), part, text));
  }

  private void tell(ChatId chat, LiveUpdate.Passing update) {
    Optional.ofNullable(feeds.get(chat)).ifPresent(feed -> feed.tell(update));
  }

  @Override
  public void changed(ChatSignals.Signal signal, boolean here) {
    ChatFeed feed = feeds.get(signal.chat());
    if (feed != null) {
      feed.wake(signal.version());
    }
  }

  /// The chats that somebody reads or a model writes in.
  public int open() {
    return feeds.size();
  }

  private ChatFeed with(ChatId chat, Consumer<ChatFeed> use) {
    return feeds.compute(
        chat,
        (id, known) -> {
          ChatFeed feed = known == null ? new ChatFeed(id, store, followers, this::unused) : known;
          use.accept(feed);
          return feed;
        });
  }

  private void unused(ChatFeed feed) {
    feeds.computeIfPresent(feed.chatId(), (id, known) -> known.idle() ? null : known);
    if (feeds.get(feed.chatId()) != feed) {
      followers.drop(feed);
    }
  }

  /// Listens to other replicas no more.
  @Override
  public void close() {
    followers.close();
  }

  /// A message while a model writes it. Ends with exactly one of [#committed] and [#abandon].
  public static final class Writing {
    private final ChatFeed feed;
    private final LiveMessage message;

    private Writing(ChatFeed feed, LiveMessage message) {
      this.feed = feed;
      this.message = message;
    }

    public void accept(StreamEvent event) {
      feed.accept(message, event);
    }

    /// What is kept of the answer when it is cut here.
    public List<StoredPart> partial() {
      return feed.partial(message);
    }

    /// @param inVersion the chat's version that holds it
    public void committed(long inVersion) {
      feed.committed(message, inVersion);
    }

    public void abandon() {
      feed.abandon(message);
    }
  }
}
