/// Chats as they are kept: their state machine, history, queue and ledger of tool calls. The
/// classes of `ChatTransitions` are the only writers of chats and messages; each change is one
/// transaction under the lock of the chat's row. Must not know its readers (`chat.events`), its
/// routes (`chat.api`), models' wire formats or tools' code. See `ARCHITECTURE.md` beside this
/// file.
@NullMarked
package dev.warren.server.chat;

import org.jspecify.annotations.NullMarked;
