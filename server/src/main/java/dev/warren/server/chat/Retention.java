package dev.warren.server.chat;

import dev.warren.server.audit.AuditLog;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes chats that were archived longer ago than the administrator wants to keep them, with
/// their sub-agents. A chore that every replica may run: who comes second finds nothing left.
public final class Retention implements Runnable {
  /// Chats that are looked for at once; each is deleted in a transaction of its own.
  private static final int BATCH = 50;

  /// Chats that one run deletes; the next run goes on.
  static final int RUN_MAX = 1_000;

  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  private final ChatListStore store;
  private final UserTransitions transitions;
  private final AuditLog audit;
  private final IntSupplier days;

  /// @param days that archived chats are kept; for ever with 0
  public Retention(
      ChatListStore store, UserTransitions transitions, AuditLog audit, IntSupplier days) {
    this.store = store;
    this.transitions = transitions;
    this.audit = audit;
    this.days = days;
  }

  @Override
  public void run() {
    int kept = days.getAsInt();
    if (kept > 0) {
      deleteOlderThan(kept);
    }
  }

  private void deleteOlderThan(int keptDays) {
    int deleted = 0;
    while (deleted < RUN_MAX) {
      List<ChatId> batch = store.archivedBefore(keptDays, BATCH);
      if (batch.isEmpty()) {
        break;
      }
      for (ChatId chat : batch) {
        delete(chat, keptDays);
      }
      deleted += batch.size();
    }
    if (deleted > 0) {
      log.info("deleted {} chats that were archived for more than {} days", deleted, keptDays);
    }
  }

  private void delete(ChatId chat, int keptDays) {
    try {
      transitions.delete(chat);
    } catch (ChatException gone) {
      log.debug("chat {} was deleted by another", chat, gone);
      return;
    }
    audit.record(
        Optional.empty(),
        "retention",
        "chat.delete",
        "chat " + chat,
        "archived for more than " + keptDays + " days");
  }
}
