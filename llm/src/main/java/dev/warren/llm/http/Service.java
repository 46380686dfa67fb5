package dev.warren.llm.http;

import dev.warren.llm.wire.Endpoint;
import dev.warren.llm.wire.Formats;

/// What differs between kinds of providers: where one is, which formats it speaks, and by what it
/// knows us.
public record Service(Endpoint endpoint, Formats formats, Credentials credentials) {}
