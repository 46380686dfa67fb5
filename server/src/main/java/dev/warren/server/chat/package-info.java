/// Chats: their state machine, history, queue, ledger of tool calls, and events. The classes of
/// `ChatTransitions` are the only writers of chats and messages; each change is one transaction
/// under the lock of the chat's row. Must not know models' wire formats, tools' code or HTTP
/// servers. See `ARCHITECTURE.md` beside this file.
@NullMarked
package dev.warren.server.chat;

import org.jspecify.annotations.NullMarked;
