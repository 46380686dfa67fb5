/// What readers of chats see: the committed changes and the message in flight as one sequence of
/// events, on every replica, resumable at any of them. Reads what `chat` keeps and writes nothing.
/// `ChatEvents` is the way in. See "Events" in `ARCHITECTURE.md` of `chat`.
@NullMarked
package dev.warren.server.chat.events;

import org.jspecify.annotations.NullMarked;
