/// One model of a conversation with a language model, and one adapter a wire format. A [Provider]
/// turns a [ModelRequest] into a stream of [StreamEvent]s and a [Completion]; whatever goes wrong
/// is a [ProviderException] with a kind. Blocking, for virtual threads; interrupting the caller
/// closes the socket. Knows nothing of chats, workspaces or databases.
///
/// This package is what callers see. The rooms behind it: `wire` (framing, events and answers,
/// which the dialects share), a dialect each (`anthropic`, `openai`, `google`, `bedrock`), `http`
/// (the connection) and `cloud` (hosts and sign-in of the clouds). Only `Providers` knows them all.
///
/// A provider is put together of three parts that know nothing of each other: an `Endpoint` (where
/// it is), `Formats` (which `WireFormat` it speaks for which model) and `Credentials` (headers that
/// prove who asks). So Anthropic's format serves four hosts, and Bedrock signs two formats.
///
/// A `WireFormat` writes a request's body and reads the events of an answer into an
/// `AnswerBuilder`, which keeps the parts in order and reports each step. What only one provider
/// understands (signatures, encrypted reasoning, calls of its own tools) stays with the part as
/// [Opaque] data and goes back to that provider unchanged; another gets the conversation without.
///
/// Invariants: the deltas of a part, put together, are the part; the body of a chat's next request
/// begins with this one's, but for the cache's breakpoints; no message of an exception repeats what
/// a provider wrote, or a key. Differences between models and servers are tables, not branches:
/// `models.tsv`, `quirks.tsv` and the `…Models` classes, each with its source.
@NullMarked
package dev.warren.llm;

import org.jspecify.annotations.NullMarked;
