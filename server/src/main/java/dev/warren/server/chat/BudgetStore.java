package dev.warren.server.chat;

import dev.warren.server.db.Database;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.UUID;

/// Says whether a chat may still use models: by its own budget, and by its parent's, to which a
/// sub-agent counts.
public final class BudgetStore {
  private final Database database;

  public BudgetStore(Database database) {
    this.database = database;
  }

  /// Why the chat has to stop, for people; absent while it may go on.
  public Optional<String> exhausted(ChatId chat) {
    return database.with(handle ->
        handle
            .createQuery(
                """
                SELECT c.id, c.budget_tokens, c.budget_usd, u.tokens, u.cost
                FROM chats c CROSS JOIN LATERAL (
                  SELECT sum(own.input_tokens + own.output_tokens)::bigint AS tokens,
                         sum(own.cost_usd) AS cost
                  FROM chats own WHERE own.id = c.id OR own.parent_id = c.id
                ) u
                WHERE (c.id = :chat OR c.id = (SELECT parent_id FROM chats WHERE id = :chat))
                  AND (c.budget_tokens IS NOT NULL OR c.budget_usd IS NOT NULL)
                ORDER BY c.id
                """)
            .bind("chat", chat.value())
            .map((row, context) -> {
              Budget budget =
                  new Budget(
                      Optional.ofNullable(row.getObject("budget_tokens", Long.class)),
                      Optional.ofNullable(row.getBigDecimal("budget_usd")));
              BigDecimal cost = row.getBigDecimal("cost");
              boolean own = row.getObject("id", UUID.class).equals(chat.value());
              return budget
                  .exhausted(
                      new ChatMessage.MessageUsage(
                          row.getLong("tokens"), 0, 0, 0, 0, Optional.ofNullable(cost)))
                  .map(spent -> message(spent, own));
            })
            .stream()
            .flatMap(Optional::stream)
            .findFirst());
  }

  private static String message(String spent, boolean own) {
    return (own ? "This chat's budget" : "The budget of the chat that this one works for")
        + " is used up: "
        + spent
        + ". Raise the budget in the chat's settings (or PATCH /api/v1/chats/{id} with budget), then"
        + " send a message to go on.";
  }
}
