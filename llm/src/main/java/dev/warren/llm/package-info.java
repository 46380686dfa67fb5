/// One model of a conversation with a language model, and one adapter a wire format. A [Provider]
/// turns a [ModelRequest] into a stream of [StreamEvent]s and a [Completion]; whatever goes wrong
/// is a [ProviderException] with a kind. Blocking, for virtual threads; interrupting the caller
/// closes the socket. Knows nothing of chats, workspaces or databases.
@NullMarked
package dev.warren.llm;

import org.jspecify.annotations.NullMarked;
