package dev.warren.server.chat;

import dev.warren.server.db.Database;
import java.util.Optional;

/// Says how many pending chats go before one, in the order in which claims take them: whose owner
/// has the fewest at work goes first, and each owner's oldest.
public final class PlaceStore {
  private final Database database;

  public PlaceStore(Database database) {
    this.database = database;
  }

  /// 1 for the next one; empty when the chat waits for no worker.
  public Optional<Integer> place(ChatId id) {
    return database.with(handle ->
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
                )
                SELECT 1 + (SELECT count(*) FROM line l
                            WHERE (l.turn, l.status_since) < (me.turn, me.status_since))
                FROM line me WHERE me.id = :id
                """)
            .bind("id", id.value())
            .mapTo(Integer.class)
            .findOne());
  }
}
