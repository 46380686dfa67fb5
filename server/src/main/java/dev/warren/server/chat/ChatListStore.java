package dev.warren.server.chat;

import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;

/// Lists a user's chats, filtered and searched, the last changed first.
public final class ChatListStore {
  private final Database database;

  public ChatListStore(Database database) {
    this.database = database;
  }

  /// A page of chats, the last changed first.
  public List<Chat> list(Filter filter, Optional<Position> after, int limit) {
    Conditions where = new Conditions();
    where.and("c.owner_id = :owner", Map.of("owner", filter.owner().value()));
    if (filter.parent().isPresent()) {
      where.and("c.parent_id = :parent", Map.of("parent", filter.parent().get().value()));
    } else {
      where.and("c.parent_id IS NULL", Map.of());
    }
    filter
        .status()
        .ifPresent(status -> where.and("c.status = :status", Map.of("status", status.toString())));
    filter
        .archived()
        .ifPresent(flag -> where.and("c.archived = :archived", Map.of("archived", flag)));
    filter.pinned().ifPresent(flag -> where.and("c.pinned = :pinned", Map.of("pinned", flag)));
    filter.query().ifPresent(query -> search(where, query));
    filter.label().ifPresent(label -> label(where, label));
    after.ifPresent(position ->
        where.and(
            "(c.updated_at, c.id) < (:updated_at, :id)",
            Map.of("updated_at", position.updatedAt(), "id", position.id().value())));
    return database.with(handle -> {
      Query query =
          handle.createQuery(
              ChatStore.SELECT_CHAT
                  + where.sql
                  + " ORDER BY c.updated_at DESC, c.id DESC LIMIT :limit");
      where.values.forEach(query::bind);
      return query.bind("limit", limit).map((row, context) -> ChatStore.chat(row)).list();
    });
  }

  /// Chats that have been archived for more than so many days, the longest first; sub-agents go
  /// with their parents.
  List<ChatId> archivedBefore(int days, int limit) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT id FROM chats
                WHERE archived AND parent_id IS NULL
                  AND archived_at < now() - make_interval(days => :days)
                ORDER BY archived_at LIMIT :limit
                """)
            .bind("days", days)
            .bind("limit", limit)
            .mapTo(UUID.class)
            .map(ChatId::new)
            .list());
  }

  /// Each word has to be in the title, anywhere, or be a word of some message; the last one may be
  /// the beginning of a word, since it is still being typed.
  private static void search(Conditions where, String query) {
    List<String> words = SearchWords.asked(query);
    if (words.isEmpty()) {
      where.and("strpos(c.title, :sign) > 0", Map.of("sign", query.strip()));
      return;
    }
    for (int i = 0; i < words.size(); i++) {
      String quoted = "'" + words.get(i) + "'" + (i == words.size() - 1 ? ":*" : "");
      where.and(
          """
          (strpos(lower(c.title), :word%1$d) > 0 OR c.id IN (
              SELECT w.chat_id FROM message_words w
              WHERE w.owner_id = :owner AND w.words @@ CAST(:asked%1$d AS tsquery)))
          """
              .formatted(i),
          Map.of("word" + i, words.get(i), "asked" + i, quoted));
    }
  }

  private static void label(Conditions where, String label) {
    int colon = label.indexOf(':');
    if (colon < 0) {
      where.and("jsonb_exists(c.labels, :label)", Map.of("label", label));
      return;
    }
    where.and(
        "c.labels ->> :label = :label_value",
        Map.of("label", label.substring(0, colon), "label_value", label.substring(colon + 1)));
  }

  /// A WHERE clause that grows, with its values.
  private static final class Conditions {
    private final StringBuilder sql = new StringBuilder();
    private final Map<String, Object> values = new LinkedHashMap<>();

    void and(String condition, Map<String, ?> more) {
      sql.append(sql.isEmpty() ? "WHERE " : " AND ").append(condition);
      values.putAll(more);
    }
  }

  /// Which chats of a list.
  ///
  /// @param parent its sub-agents; without it, chats that are no sub-agents
  /// @param query words to find in titles and messages
  /// @param label a label's name, or `name:value`
  public record Filter(
      UserId owner,
      Optional<ChatId> parent,
      Optional<ChatStatus> status,
      Optional<Boolean> archived,
      Optional<Boolean> pinned,
      Optional<String> query,
      Optional<String> label) {
    public static Filter allOf(UserId owner) {
      return new Filter(
          owner,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
  }

  /// A place in the list of chats.
  public record Position(Instant updatedAt, ChatId id) {}
}
