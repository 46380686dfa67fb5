package dev.warren.server.chat;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.llm.StreamEvent;
import dev.warren.protocol.Json;
import dev.warren.server.chat.Cursor.Position;
import dev.warren.server.http.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// The events of one chat on this replica, while somebody reads it or a model writes in it. What is
/// committed comes from the database, in the order of the chat's versions; what is in flight comes
/// from the model's thread. `version` says up to where the readers have the database's part; text
/// in flight that begins after a later version waits for it.
///
/// The lock guards the fields and the order of frames; nothing is read or sent while it is held.
final class ChatFeed {
  /// Messages in a snapshot.
  static final int SNAPSHOT_MESSAGES = 50;

  /// A reader that lacks more messages than this gets a snapshot.
  static final int RESUME_MESSAGES_MAX = 200;

  private static final Logger log = LoggerFactory.getLogger(ChatFeed.class);

  private final ChatId chatId;
  private final ChatStore store;
  private final Consumer<ChatFeed> unused;

  @GuardedBy("this")
  private final List<ChatSubscription> readers = new ArrayList<>();

  /// -1 until the first reader comes.
  @GuardedBy("this")
  private long version = -1;

  @GuardedBy("this")
  private @Nullable Chat chat;

  @GuardedBy("this")
  private List<QueuedMessage> queue = List.of();

  @GuardedBy("this")
  private @Nullable LiveMessage live;

  /// The version that readers must have before they see `live`.
  @GuardedBy("this")
  private long liveFrom;

  /// Messages whose text was shown, whole, before their commit was read.
  @GuardedBy("this")
  private final Map<MessageId, Position> shown = new HashMap<>();

  /// Counts the events that move readers no further, so that each has an id of its own.
  @GuardedBy("this")
  private long told;

  /// Readers that may come back.
  @GuardedBy("this")
  private int holds;

  @GuardedBy("this")
  private boolean refreshing;

  @GuardedBy("this")
  private boolean refreshAgain;

  ChatFeed(ChatId chatId, ChatStore store, Consumer<ChatFeed> unused) {
    this.chatId = chatId;
    this.store = store;
    this.unused = unused;
  }

  ChatId chatId() {
    return chatId;
  }

  // The model's side

  synchronized void begin(LiveMessage message, long afterVersion) {
    live = message;
    liveFrom = afterVersion;
  }

  /// Readers that keep up are written to on this thread, after the feed's lock is left.
  void accept(LiveMessage message, StreamEvent event) {
    List<ChatSubscription> told = List.of();
    synchronized (this) {
      List<LiveMessage.Piece> pieces = new ArrayList<>(1);
      message.accept(event, pieces::add);
      if (live == message && !readers.isEmpty() && version >= liveFrom && !pieces.isEmpty()) {
        told = List.copyOf(readers);
        for (LiveMessage.Piece piece : pieces) {
          Frame frame = ChangeFrames.delta(Cursor.at(version), message.id(), piece);
          told.forEach(reader -> reader.enqueue(frame));
        }
      }
    }
    told.forEach(ChatSubscription::push);
  }

  /// The message is committed: it stays shown until the readers have its commit.
  ///
  /// @param inVersion the chat's version that holds it
  void committed(LiveMessage message, long inVersion) {
    synchronized (this) {
      if (live == message) {
        live = null;
        if (version >= 0 && version >= liveFrom && version < inVersion) {
          shown.put(message.id(), message.position());
        }
      }
    }
    unused.accept(this);
  }

  /// The message is dropped.
  void abandon(LiveMessage message) {
    synchronized (this) {
      if (live == message) {
        live = null;
        if (version >= liveFrom && message.shown()) {
          publish("reset", ChangeFrames.node().put("message_id", message.id().toString()));
        }
      }
    }
    unused.accept(this);
  }

  synchronized List<StoredPart> partial(LiveMessage message) {
    return message.partial();
  }

  synchronized void retry(int attempt, long inMs, String reason) {
    publish(
        "retry",
        ChangeFrames.node().put("attempt", attempt).put("in_ms", inMs).put("reason", reason));
  }

  /// A preview of what a running call puts out.
  synchronized void toolOutput(MessageId message, int part, String text) {
    if (!readers.isEmpty()) {
      byte[] data = DeltaJson.encode(message, part, "tool_output", Optional.empty(), text);
      offer(new Frame(cursor().inPlace(version, told++), "delta", data));
    }
  }

  // The database's side

  /// The chat has changed: reads the change soon, on a thread of its own.
  void wake(long newest) {
    synchronized (this) {
      if (version < 0 || newest <= version) {
        return;
      }
      refreshAgain = true;
      if (refreshing) {
        return;
      }
      refreshing = true;
    }
    Thread.ofVirtual().name("feed-" + chatId).start(this::refresh);
  }

  /// Where to read from next, or -1 when all is read.
  private synchronized long refreshFrom() {
    if (!refreshAgain) {
      refreshing = false;
      return -1;
    }
    refreshAgain = false;
    return version;
  }

  private void refresh() {
    for (long from = refreshFrom(); from >= 0; from = refreshFrom()) {
      try {
        Optional<ChatStore.Changes> changes = store.changes(chatId, from, RESUME_MESSAGES_MAX);
        changes.ifPresentOrElse(this::publish, this::end);
      } catch (RuntimeException e) {
        log.warn("cannot read the changes of chat {}; the next poll tries again", chatId, e);
      }
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
      adopt(changes.chat(), changes.queue());
      shown.clear();
      readers.forEach(ChatSubscription::markLagged);
      return;
    }
    Map<MessageId, Position> read = new HashMap<>(shown);
    boolean visible = version >= liveFrom;
    if (live != null && visible) {
      read.put(live.id(), live.position());
    }
    ChangeFrames.Known known = new ChangeFrames.Known(chat, queue);
    for (Frame frame : ChangeFrames.of(Cursor.at(version), changes, read, Optional.of(known))) {
      offer(frame);
    }
    for (ChatMessage message : changes.messages()) {
      shown.remove(message.id());
      if (isLive(message)) {
        live = null;
      }
    }
    adopt(changes.chat(), changes.queue());
    if (live != null && !visible && version >= liveFrom) {
      for (LiveMessage.Piece piece : live.after(Position.START)) {
        offer(ChangeFrames.delta(Cursor.at(version), live.id(), piece));
      }
    }
  }

  @GuardedBy("this")
  private boolean isLive(ChatMessage message) {
    return live != null && live.id().equals(message.id());
  }

  @GuardedBy("this")
  private boolean liveIsAmong(List<ChatMessage> messages) {
    for (ChatMessage message : messages) {
      if (isLive(message)) {
        return true;
      }
    }
    return false;
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
    return live == null && holds == 0;
  }

  private synchronized void detach(ChatSubscription reader) {
    readers.remove(reader);
  }

  /// Puts a reader where the others are, and returns what it lacks since `after`.
  List<Frame> attach(ChatSubscription reader, Optional<String> after) {
    detach(reader);
    Optional<Cursor> cursor = after.flatMap(Cursor::parse);
    while (true) {
      Optional<ChatStore.Changes> changes =
          cursor
              .flatMap(at -> store.changes(chatId, at.version(), RESUME_MESSAGES_MAX))
              .filter(found -> resumable(found, cursor.orElseThrow()));
      Optional<ChatStore.State> state =
          changes.isPresent() ? Optional.empty() : store.state(chatId, SNAPSHOT_MESSAGES);
      if (changes.isEmpty() && state.isEmpty()) {
        reader.end();
        return List.of();
      }
      Optional<List<Frame>> frames =
          changes.isPresent()
              ? resume(reader, cursor.orElseThrow(), changes.get())
              : start(reader, state.orElseThrow());
      if (frames.isPresent()) {
        return frames.get();
      }
    }
  }

  private static boolean resumable(ChatStore.Changes changes, Cursor cursor) {
    return !changes.cut() && changes.chat().version() >= cursor.version();
  }

  /// @return empty when the feed is ahead of what was read
  private synchronized Optional<List<Frame>> start(ChatSubscription reader, ChatStore.State state) {
    if (!meet(state.chat(), state.queue())) {
      return Optional.empty();
    }
    ObjectNode data = ChangeFrames.node();
    data.set("chat", state.chat().wire());
    data.set("messages", Json.STRICT.valueToTree(state.messages()));
    data.set("queued", Json.STRICT.valueToTree(state.queue()));
    Cursor at = Cursor.at(version);
    if (live != null && version >= liveFrom && !liveIsAmong(state.messages())) {
      data.set("in_flight", live.wire());
      at = at.in(live.id(), live.position());
    }
    readers.add(reader);
    return Optional.of(List.of(ChangeFrames.frame(at.toString(), "snapshot", data)));
  }

  private synchronized Optional<List<Frame>> resume(
      ChatSubscription reader, Cursor cursor, ChatStore.Changes changes) {
    if (!meet(changes.chat(), changes.queue())) {
      return Optional.empty();
    }
    List<Frame> frames = new ArrayList<>();
    boolean liveIsOpen = live != null && version >= liveFrom && !liveIsAmong(changes.messages());
    Map<MessageId, Position> read = new HashMap<>();
    if (cursor.inFlight().isPresent()) {
      MessageId reading = cursor.inFlight().get().message();
      read.put(reading, cursor.of(reading));
      boolean committed =
          changes.messages().stream().anyMatch(message -> message.id().equals(reading));
      boolean alive = liveIsOpen && live != null && live.id().equals(reading);
      if (!committed && !alive) {
        String id = cursor.withoutInFlight().toString();
        frames.add(
            ChangeFrames.frame(
                id, "reset", ChangeFrames.node().put("message_id", reading.toString())));
      }
    }
    if (changes.chat().version() > cursor.version()) {
      frames.addAll(ChangeFrames.of(cursor, changes, read, Optional.empty()));
    }
    if (liveIsOpen && live != null) {
      for (LiveMessage.Piece piece : live.after(cursor.of(live.id()))) {
        frames.add(ChangeFrames.delta(Cursor.at(version), live.id(), piece));
      }
    }
    readers.add(reader);
    return Optional.of(frames);
  }

  /// Brings the feed to the state that a new reader has read, or says that it is ahead of it: the
  /// others have a later version, or have seen the whole of a message whose commit is not in
  /// `read`.
  @GuardedBy("this")
  private boolean meet(Chat read, List<QueuedMessage> readQueue) {
    if (read.version() > version) {
      // Readers that are here already have not got this yet: they read from their positions.
      adopt(read, readQueue);
      shown.clear();
      readers.forEach(ChatSubscription::markLagged);
    }
    return read.version() == version && shown.isEmpty();
  }

  @GuardedBy("this")
  private void publish(String event, ObjectNode data) {
    if (!readers.isEmpty()) {
      offer(ChangeFrames.frame(cursor().inPlace(version, told++), event, data));
    }
  }

  @GuardedBy("this")
  private Cursor cursor() {
    Cursor at = Cursor.at(Math.max(version, 0));
    if (live != null && version >= liveFrom) {
      return at.in(live.id(), live.position());
    }
    for (Map.Entry<MessageId, Position> message : shown.entrySet()) {
      // At most one: the next message waits until the commit of this one was read.
      return at.in(message.getKey(), message.getValue());
    }
    return at;
  }

  @GuardedBy("this")
  private void offer(Frame frame) {
    for (ChatSubscription reader : readers) {
      reader.offer(frame);
    }
  }
}
