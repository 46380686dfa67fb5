/// The routes under `/chats`: they check what comes from outside, and call the transitions of
/// `chat` and the readers of `chat.events`.
@NullMarked
package dev.warren.server.chat.api;

import org.jspecify.annotations.NullMarked;
