/// The agent's loop: takes pending chats, asks models, runs tools, commits each step. What happens
/// next is a pure function of committed history ([TurnPlanner]); a worker that dies loses nothing
/// but the answer that was in flight.
///
/// Each owned chat is a [ChatRun] on a virtual thread of its own, which is never interrupted, since
/// it talks to the database; models and tools run on threads beside it, which are. Knows nothing of
/// HTTP, and of a provider's wire format only `llm`'s model of it.
@NullMarked
package dev.warren.server.agent;

import org.jspecify.annotations.NullMarked;
