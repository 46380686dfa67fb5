package dev.warren.server.chat.events;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.llm.StreamEvent;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.QueuedMessage;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.chat.events.Cursor.Position;
import dev.warren.server.http.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The events of one chat on this replica, while somebody reads it or a model writes in it. What is
/// committed comes from the database, in the order of the chat's versions; what is in flight
/// ([Flight]) comes from the model's thread, or from the replica that owns the chat. `version` says
/// up to where the readers have the database's part; text in flight that begins after a later
/// version waits for it.
///
/// The lock guards the fields and the order of frames; nothing is read or sent while it is held.
final class ChatFeed {
  private static final Logger log = LoggerFactory.getLogger(ChatFeed.class);

  private final ChatId chatId;
  private final ChatStore store;
  private final LiveFollowers followers;
  private final Consumer<ChatFeed> unused;
  private final FeedRefresh refresh;

  @GuardedBy("this")
  private final List<ChatSubscription> readers = new ArrayList<>();

  /// Other replicas that listen to what is written here.
  @GuardedBy("this")
  private final LiveTaps taps = new LiveTaps();

  /// -1 until the first reader comes.
  @GuardedBy("this")
  private long version = -1;

  /// The newest version that was told of, perhaps while the first reader was on its way.
  @GuardedBy("this")
  private long heard;

  @GuardedBy("this")
  private @Nullable Chat chat;

  @GuardedBy("this")
  private List<QueuedMessage> queue = List.of();

  @GuardedBy("this")
  private final Flight flight = new Flight();

  /// Counts the events that move readers no further, so that each has an id of its own.
  @GuardedBy("this")
  private long told;

  /// Readers that may come back, and taps.
  @GuardedBy("this")
  private int holds;

  ChatFeed(ChatId chatId, ChatStore store, LiveFollowers followers, Consumer<ChatFeed> unused) {
    this.chatId = chatId;
    this.store = store;
    this.followers = followers;
    this.unused = unused;
    this.refresh = new FeedRefresh("feed-" + chatId, this::readChanges);
  }

  ChatId chatId() {
    return chatId;
  }

  // The model's side

  /// @param lease under which the chat is owned here
  synchronized void begin(LiveMessage message, long afterVersion, long lease) {
    flight.begin(message, afterVersion, 0, version);
    taps.begin(message, afterVersion, lease);
  }

  /// Readers that keep up are written to on this thread, after the feed's lock is left.
  void accept(LiveMessage message, StreamEvent event) {
    grow(message, show -> message.accept(event, show));
  }

  private void grow(LiveMessage message, Consumer<Consumer<LiveMessage.Piece>> growing) {
    List<ChatSubscription> reached = List.of();
    synchronized (this) {
      List<LiveMessage.Piece> pieces = new ArrayList<>(1);
      growing.accept(pieces::add);
      boolean isLive = flight.live().filter(live -> live == message).isPresent();
      if (!isLive || pieces.isEmpty()) {
        return;
      }
      if (flight.isOwn()) {
        taps.grew(message, pieces);
      } else {
        notifyAll();
      }
      if (!readers.isEmpty() && flight.visible(version).isPresent()) {
        reached = List.copyOf(readers);
        for (LiveMessage.Piece piece : pieces) {
          Frame frame = ChangeFrames.delta(Cursor.at(version), message.id(), piece);
          reached.forEach(reader -> reader.enqueue(frame));
        }
      }
    }
    reached.forEach(ChatSubscription::push);
  }

  /// The message is committed: it stays shown until the readers have its commit.
  ///
  /// @param inVersion the chat's version that holds it
  void committed(LiveMessage message, long inVersion) {
    synchronized (this) {
      flight.committed(message, inVersion, version);
      taps.tell(new LiveUpdate.Committed(message.id().value(), inVersion));
    }
    unused.accept(this);
  }

  /// The message is dropped.
  void abandon(LiveMessage message) {
    synchronized (this) {
      if (flight.abandon(message, version)) {
        reset(message.id());
      }
      taps.tell(new LiveUpdate.Abandoned(message.id().value()));
    }
    unused.accept(this);
  }

  synchronized List<StoredPart> partial(LiveMessage message) {
    return message.partial();
  }

  synchronized void tell(LiveUpdate.Passing update) {
    taps.tell(update);
    if (!readers.isEmpty()) {
      offer(ChangeFrames.passing(nextInPlace(), update));
    }
  }

  @GuardedBy("this")
  private void reset(MessageId message) {
    if (!readers.isEmpty()) {
      ObjectNode data = ChangeFrames.node().put("message_id", message.toString());
      offer(ChangeFrames.frame(nextInPlace(), "reset", data));
    }
  }

  // Other replicas

  /// An ear of another replica, on a feed that is held for it; close it.
  synchronized LiveTap tap() {
    LiveTap tap = new LiveTap(this);
    taps.add(tap, flight.isOwn() ? flight.live() : Optional.empty());
    return tap;
  }

  void untap(LiveTap tap) {
    synchronized (this) {
      taps.remove(tap);
      holds--;
    }
    unused.accept(this);
  }

  /// Takes in what the owner of the chat says of its message in flight.
  void mirror(LiveUpdate update) {
    switch (update) {
      case LiveUpdate.Idle() -> {}
      case LiveUpdate.Began began -> mirrorBegan(began);
      case LiveUpdate.Grew(var id, LiveUpdate.Piece piece) ->
          mirrored(new MessageId(id))
              .ifPresent(live -> grow(live, show -> live.mirror(piece, show)));
      case LiveUpdate.Committed(var id, long inVersion) -> {
        mirrored(new MessageId(id)).ifPresent(live -> committed(live, inVersion));
        wake(inVersion);
      }
      case LiveUpdate.Abandoned(var id) -> mirrored(new MessageId(id)).ifPresent(this::abandon);
      case LiveUpdate.Passing passing -> tell(passing);
    }
  }

  private void mirrorBegan(LiveUpdate.Began began) {
    Optional<LiveMessage> live;
    synchronized (this) {
      boolean isOld = chat != null && chat.lease() > began.lease();
      live = isOld ? Optional.empty() : flight.mirror(began, version);
    }
    live.ifPresent(message -> {
      for (LiveUpdate.Piece piece : began.soFar()) {
        grow(message, show -> message.mirror(piece, show));
      }
    });
    wake(began.afterVersion());
  }

  private synchronized Optional<LiveMessage> mirrored(MessageId id) {
    return flight.isMirrored() && flight.is(id) ? flight.live() : Optional.empty();
  }

  // The database's side

  /// The chat has changed: reads the change soon, on a thread of its own.
  void wake(long newest) {
    synchronized (this) {
      heard = Math.max(heard, newest);
      if (version < 0 || newest <= version) {
        return;
      }
    }
    refresh.ask();
  }

  private synchronized long version() {
    return version;
  }

  private void readChanges() {
    try {
      Optional<ChatStore.Changes> changes =
          store.changes(chatId, version(), AttachFrames.MESSAGES_MAX);
      changes.ifPresentOrElse(this::publish, this::end);
      changes.ifPresent(read -> followers.look(this, read.chat()));
    } catch (RuntimeException e) {
      log.warn("cannot read the changes of chat {}; the next poll tries again", chatId, e);
    }
  }

  private synchronized void end() {
    readers.forEach(ChatSubscription::end);
  }

  private synchronized void publish(ChatStore.Changes changes) {
    if (version < 0 || chat == null || changes.chat().version() <= version) {
      return;
    }
    if (changes.cut()) {
      startAnew(changes.chat(), changes.queue(), changes.messages());
      return;
    }
    boolean wasVisible = flight.visible(version).isPresent();
    ChangeFrames.Known known = new ChangeFrames.Known(chat, queue);
    var read = flight.positions(version);
    List<MessageId> lost = flight.read(changes.chat(), changes.messages());
    lost.forEach(this::reset);
    lost.forEach(read::remove);
    for (Frame frame : ChangeFrames.of(Cursor.at(version), changes, read, Optional.of(known))) {
      offer(frame);
    }
    adopt(changes.chat(), changes.queue());
    if (!wasVisible) {
      flight
          .visible(version)
          .ifPresent(
              live -> AttachFrames.growth(version, live, Position.START).forEach(this::offer));
    }
  }

  /// Readers that are here already have not got this: they read from their positions.
  @GuardedBy("this")
  private void startAnew(Chat newest, List<QueuedMessage> newestQueue, List<ChatMessage> messages) {
    var _ = flight.read(newest, messages);
    flight.forgetShown();
    adopt(newest, newestQueue);
    readers.forEach(ChatSubscription::markLagged);
  }

  @GuardedBy("this")
  private void adopt(Chat newest, List<QueuedMessage> newestQueue) {
    chat = newest;
    queue = newestQueue;
    version = newest.version();
  }

  // The readers' side

  /// Keeps the feed until [#leave]; the reader starts when it first takes frames.
  synchronized void hold() {
    holds++;
  }

  void leave(ChatSubscription reader) {
    synchronized (this) {
      readers.remove(reader);
      holds--;
    }
    unused.accept(this);
  }

  synchronized boolean idle() {
    return !flight.isOwn() && holds == 0;
  }

  /// Puts a reader where the others are, and returns what it lacks since `after`.
  List<Frame> attach(ChatSubscription reader, Optional<String> after) {
    synchronized (this) {
      readers.remove(reader);
    }
    return new Attachment(this, store, followers).attach(reader, after);
  }

  /// A reader that comes from another replica may have seen more of a message than its owner's
  /// words have brought here: waits for them, a moment.
  ///
  /// @return whether it waited
  synchronized boolean awaitMirror(Optional<Cursor> cursor) {
    long end = System.nanoTime() + LiveFollowers.FIRST_WORD_MAX.toNanos();
    boolean waited = false;
    while (cursor.isPresent() && flight.isBehind(cursor.get()) && System.nanoTime() < end) {
      waited = true;
      try {
        TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return waited && !flight.isBehind(cursor.get());
  }

  /// @return empty when the feed is ahead of what was read
  synchronized Optional<List<Frame>> start(ChatSubscription reader, ChatStore.State state) {
    if (!meet(state.chat(), state.queue(), state.messages())) {
      return Optional.empty();
    }
    add(reader);
    return Optional.of(AttachFrames.snapshot(state, open(state.messages()), told++));
  }

  @GuardedBy("this")
  private void add(ChatSubscription reader) {
    readers.add(reader);
    if (heard > version) {
      refresh.ask();
    }
  }

  /// The live message, if readers see it and it is not among these.
  @GuardedBy("this")
  private Optional<LiveMessage> open(List<ChatMessage> messages) {
    return flight
        .visible(version)
        .filter(live -> messages.stream().noneMatch(message -> message.id().equals(live.id())));
  }

  synchronized Optional<List<Frame>> resume(
      ChatSubscription reader, Cursor cursor, ChatStore.Changes changes) {
    if (!meet(changes.chat(), changes.queue(), changes.messages())) {
      return Optional.empty();
    }
    add(reader);
    return Optional.of(AttachFrames.rest(cursor, changes, open(changes.messages())));
  }

  /// Brings the feed to the state that a new reader has read, or says that it is ahead of it: the
  /// others have a later version, or have seen the whole of a message whose commit is not in
  /// `read`.
  @GuardedBy("this")
  private boolean meet(Chat read, List<QueuedMessage> readQueue, List<ChatMessage> messages) {
    if (read.version() > version) {
      startAnew(read, readQueue, messages);
    }
    return read.version() == version && !flight.hasShown();
  }

  /// The id of an event that moves readers no further.
  @GuardedBy("this")
  private String nextInPlace() {
    return flight.cursor(version).inPlace(version, told++);
  }

  @GuardedBy("this")
  private void offer(Frame frame) {
    for (ChatSubscription reader : readers) {
      reader.offer(frame);
    }
  }
}
