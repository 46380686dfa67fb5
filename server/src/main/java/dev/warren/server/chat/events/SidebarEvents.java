package dev.warren.server.chat.events;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.protocol.Json;
import dev.warren.server.access.Caller;
import dev.warren.server.access.UserId;
import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatId;
import dev.warren.server.chat.ChatListStore;
import dev.warren.server.chat.ChatLookups;
import dev.warren.server.chat.ChatSignals;
import dev.warren.server.chat.ChatStore;
import dev.warren.server.chat.PlaceStore;
import dev.warren.server.http.EventSource;
import dev.warren.server.http.Frame;
import dev.warren.server.workspace.WorkspaceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.node.ObjectNode;

/// The caller's chats and workspaces as they change, for lists at the side of a page. A reader gets
/// a snapshot first, then each thing that changed as it is now; many changes of one thing in a
/// short time are one event.
public final class SidebarEvents implements ChatSignals.Listener {
  /// Chats in a snapshot.
  static final int SNAPSHOT_CHATS = 100;

  /// Things that wait to be told; past that the reader gets a snapshot.
  static final int PENDING_MAX = 500;

  /// Changes within this time are told together.
  private static final Duration GATHER = Duration.ofMillis(100);

  private final ChatStore store;
  private final ChatListStore list;
  private final PlaceStore places;
  private final ChatLookups lookups;
  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private final AtomicLong ids = new AtomicLong();

  public SidebarEvents(
      ChatStore store, ChatListStore list, PlaceStore places, ChatLookups lookups) {
    this.places = places;
    this.store = store;
    this.list = list;
    this.lookups = lookups;
  }

  public EventSource open(Caller caller) {
    Reader reader = new Reader(caller);
    readers.add(reader);
    return reader;
  }

  @Override
  public void changed(ChatSignals.Signal signal, boolean here) {
    for (Reader reader : readers) {
      if (reader.caller.owns(signal.owner())) {
        reader.chatChanged(signal.chat(), signal.version());
      }
    }
  }

  /// A workspace has changed, or is gone.
  public void workspaceChanged(WorkspaceId id, UserId owner) {
    for (Reader reader : readers) {
      if (reader.caller.owns(owner)) {
        reader.workspaceChanged(id);
      }
    }
  }

  private Frame frame(String event, ObjectNode data) {
    return new Frame(
        Long.toString(ids.incrementAndGet()), event, Json.STRICT.writeValueAsBytes(data));
  }

  private static ObjectNode node() {
    return Json.STRICT.createObjectNode();
  }

  /// One list that follows.
  private final class Reader implements EventSource {
    private final Caller caller;

    @GuardedBy("this")
    private final Set<ChatId> chats = new LinkedHashSet<>();

    @GuardedBy("this")
    private final Set<WorkspaceId> workspaces = new LinkedHashSet<>();

    /// Newest version told, so that the poll does not repeat what a signal said.
    @GuardedBy("this")
    private final Map<ChatId, Long> told = new HashMap<>();

    @GuardedBy("this")
    private boolean snapshotDue = true;

    private Reader(Caller caller) {
      this.caller = caller;
    }

    private synchronized void chatChanged(ChatId id, long version) {
      if (told.getOrDefault(id, 0L) >= version) {
        return;
      }
      told.put(id, version);
      chats.add(id);
      bound();
    }

    private synchronized void workspaceChanged(WorkspaceId id) {
      workspaces.add(id);
      bound();
    }

    @GuardedBy("this")
    private void bound() {
      if (chats.size() + workspaces.size() > PENDING_MAX || told.size() > 10 * PENDING_MAX) {
        chats.clear();
        workspaces.clear();
        told.clear();
        snapshotDue = true;
      }
      notifyAll();
    }

    private record Due(boolean snapshot, List<ChatId> chats, List<WorkspaceId> workspaces) {
      boolean nothing() {
        return !snapshot && chats.isEmpty() && workspaces.isEmpty();
      }
    }

    /// @return whether to look at once: a snapshot is due, or nothing came
    private synchronized boolean await(Duration wait) throws InterruptedException {
      long deadline = System.nanoTime() + wait.toNanos();
      while (!snapshotDue && chats.isEmpty() && workspaces.isEmpty()) {
        long leftMs = (deadline - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0) {
          return true;
        }
        wait(leftMs);
      }
      return snapshotDue;
    }

    private synchronized Due due() {
      Due due = new Due(snapshotDue, List.copyOf(chats), List.copyOf(workspaces));
      snapshotDue = false;
      chats.clear();
      workspaces.clear();
      return due;
    }

    @Override
    public Optional<List<Frame>> next(Duration wait) throws InterruptedException {
      if (!await(wait)) {
        TimeUnit.NANOSECONDS.sleep(GATHER.toNanos());
      }
      Due due = due();
      if (due.nothing()) {
        return Optional.of(List.of());
      }
      return Optional.of(due.snapshot() ? List.of(snapshot()) : changes(due));
    }

    private Frame snapshot() {
      ChatListStore.Filter mine = ChatListStore.Filter.allOf(caller.id());
      ObjectNode data = node();
      List<Chat> chats = list.list(mine, Optional.empty(), SNAPSHOT_CHATS);
      data.set("chats", Json.STRICT.valueToTree(places.placed(chats)));
      data.set("workspaces", Json.STRICT.valueToTree(lookups.workspaces(caller)));
      return frame("snapshot", data);
    }

    private List<Frame> changes(Due due) {
      List<Frame> frames = new ArrayList<>();
      List<ChatId> goneChats = new ArrayList<>();
      List<WorkspaceId> goneWorkspaces = new ArrayList<>();
      List<Chat> chats = new ArrayList<>();
      for (ChatId id : due.chats()) {
        store.find(id).ifPresentOrElse(chats::add, () -> goneChats.add(id));
      }
      places.placed(chats).forEach(chat -> frames.add(frame("chat", chat.wire())));
      for (WorkspaceId id : due.workspaces()) {
        lookups
            .workspace(id, caller)
            .ifPresentOrElse(
                view -> frames.add(frame("workspace", Json.STRICT.valueToTree(view))),
                () -> goneWorkspaces.add(id));
      }
      if (!goneChats.isEmpty() || !goneWorkspaces.isEmpty()) {
        ObjectNode data = node();
        data.set("chat_ids", Json.STRICT.valueToTree(goneChats));
        data.set("workspace_ids", Json.STRICT.valueToTree(goneWorkspaces));
        frames.add(frame("removed", data));
      }
      return frames;
    }

    @Override
    public void close() {
      readers.remove(this);
    }
  }
}
