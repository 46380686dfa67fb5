package dev.warren.server.chat.events;

import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.replica.ReplicaId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows, at their owners, the text in flight of chats that are read here and owned by another
/// replica: one stream a chat, shared by its readers, open as long as there are any. Who owns a
/// chat is told by its row, so a dead owner's stream ends when the chat has another.
///
/// Threads: a virtual one a chat. Called without a feed's lock.
final class LiveFollowers implements AutoCloseable {
  /// How long a new reader waits for the owner's first word. Without it, the reader is told to drop
  /// what it has of the message in flight, and gets it again.
  static final Duration FIRST_WORD_MAX = Duration.ofSeconds(1);

  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(1);
  private static final Logger log = LoggerFactory.getLogger(LiveFollowers.class);

  private final LiveSource source;
  private final ConcurrentHashMap<ChatId, Follower> followers = new ConcurrentHashMap<>();

  LiveFollowers(LiveSource source) {
    this.source = source;
  }

  /// The chat was read: follows its owner, another one, or none.
  void look(ChatFeed feed, Chat chat) {
    var _ =
        followers.compute(
            feed.chatId(),
            (id, known) -> {
              if (known != null && known.version > chat.version()) {
                return known;
              }
              Optional<ReplicaId> owner = chat.workerId().filter(worker -> !source.isHere(worker));
              if (known != null && known.follows(feed, owner, chat.lease())) {
                known.version = chat.version();
                return known;
              }
              if (known != null) {
                known.stop();
              }
              return owner.isEmpty() || feed.idle() ? null : begin(feed, owner.get(), chat);
            });
  }

  private Follower begin(ChatFeed feed, ReplicaId owner, Chat chat) {
    Follower follower = new Follower(feed, owner, chat.lease(), chat.version());
    follower.thread.start();
    return follower;
  }

  /// As [#look], and waits for what a new owner says first.
  ///
  /// @return whether it waited
  boolean await(ChatFeed feed, Chat chat) {
    look(feed, chat);
    Follower follower = followers.get(feed.chatId());
    if (follower == null || follower.heard.getCount() == 0) {
      return false;
    }
    try {
      var _ = follower.heard.await(FIRST_WORD_MAX.toNanos(), TimeUnit.NANOSECONDS);
      follower.heard.countDown();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Nobody reads the chat any more.
  void drop(ChatFeed feed) {
    var _ =
        followers.computeIfPresent(
            feed.chatId(),
            (id, known) -> {
              if (known.feed != feed) {
                return known;
              }
              known.stop();
              return null;
            });
  }

  /// The chats that are followed.
  int count() {
    return followers.size();
  }

  @Override
  public void close() {
    followers.values().forEach(Follower::stop);
    followers.clear();
  }

  /// One chat at one owner.
  private final class Follower {
    private final ChatFeed feed;
    private final ReplicaId owner;
    private final long lease;
    private final CountDownLatch heard = new CountDownLatch(1);
    private final Thread thread;
    private volatile long version;
    private volatile boolean stopped;

    private Follower(ChatFeed feed, ReplicaId owner, long lease, long version) {
      this.feed = feed;
      this.owner = owner;
      this.lease = lease;
      this.version = version;
      this.thread = Thread.ofVirtual().name("follow-" + feed.chatId()).unstarted(this::run);
    }

    private boolean follows(ChatFeed thatFeed, Optional<ReplicaId> thatOwner, long thatLease) {
      return feed == thatFeed && thatOwner.equals(Optional.of(owner)) && thatLease == lease;
    }

    private void stop() {
      stopped = true;
      thread.interrupt();
    }

    private void run() {
      Duration pause = RETRY_FIRST;
      try {
        while (!stopped) {
          if (follow()) {
            pause = RETRY_FIRST;
          }
          heard.countDown();
          TimeUnit.NANOSECONDS.sleep(pause.toNanos());
          pause =
              pause.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? pause.multipliedBy(2) : RETRY_MAX;
        }
      } catch (InterruptedException e) {
        log.debug("chat {} is followed no more", feed.chatId());
      } finally {
        heard.countDown();
      }
    }

    /// @return whether anything was heard
    private boolean follow() throws InterruptedException {
      boolean any = false;
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(source.open(owner, feed.chatId()), StandardCharsets.UTF_8))) {
        for (@Nullable String line = lines.readLine();
            line != null && !stopped;
            line = lines.readLine()) {
          if (!line.isEmpty()) {
            feed.mirror(LiveUpdate.parse(line));
            any = true;
            heard.countDown();
          }
        }
      } catch (IOException | IllegalArgumentException e) {
        log.debug("the owner {} of chat {} is not heard: {}", owner, feed.chatId(), e.toString());
      }
      return any;
    }
  }
}
