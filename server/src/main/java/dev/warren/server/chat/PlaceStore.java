package dev.warren.server.chat;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.warren.server.db.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.node.ObjectNode;

/// Says how many pending chats go before one, in the order in which claims take them: whose owner
/// has the fewest at work goes first, and each owner's oldest.
public final class PlaceStore {
  private final Database database;

  public PlaceStore(Database database) {
    this.database = database;
  }

  /// Chats as clients see them, those that are pending with their places in the line: 1 for the
  /// next one. One query for all of them, and none when nobody waits.
  public List<Placed> placed(List<Chat> chats) {
    Map<ChatId, Integer> places =
        chats.stream().anyMatch(PlaceStore::waits)
            ? database.with(handle -> places(handle, chats))
            : Map.of();
    return chats.stream()
        .map(chat -> new Placed(chat, Optional.ofNullable(places.get(chat.id()))))
        .toList();
  }

  /// What a chat waits for.
  static Waiting waiting(Handle handle, Chat chat) {
    return new Waiting(
        LockedApprovalsStore.pending(handle, chat),
        Optional.ofNullable(places(handle, List.of(chat)).get(chat.id())));
  }

  static Map<ChatId, Integer> places(Handle handle, List<Chat> chats) {
    List<UUID> pending =
        chats.stream().filter(PlaceStore::waits).map(chat -> chat.id().value()).toList();
    Map<ChatId, Integer> places = new HashMap<>();
    if (pending.isEmpty()) {
      return places;
    }
    handle
        .createQuery(
            """
            WITH busy AS (
              SELECT owner_id, count(*) AS running FROM chats
              WHERE worker_id IS NOT NULL AND NOT resting GROUP BY owner_id
            ), line AS (
              SELECT c.id, c.status_since, coalesce(b.running, 0) + row_number()
                       OVER (PARTITION BY c.owner_id ORDER BY c.status_since) AS turn
              FROM chats c LEFT JOIN busy b ON b.owner_id = c.owner_id
              WHERE c.status = 'pending'
            ), ranked AS (
              SELECT id, rank() OVER (ORDER BY turn, status_since) AS place FROM line
            )
            SELECT id, place FROM ranked WHERE id = ANY(:pending)
            """)
        .bindArray("pending", UUID.class, pending)
        .map((row, context) ->
            places.put(new ChatId(row.getObject("id", UUID.class)), row.getInt("place")))
        .list();
    return places;
  }

  private static boolean waits(Chat chat) {
    return chat.status() == ChatStatus.PENDING;
  }

  /// @param place absent when the chat waits for no worker
  public record Placed(Chat chat, Optional<Integer> place) {
    @JsonValue
    public ObjectNode wire() {
      return chat.wire(place);
    }
  }
}
