package dev.warren.llm;

import tools.jackson.databind.JsonNode;

/// Data that only one wire format understands.
///
/// @param kind of the wire format that made it, such as `anthropic` or `openai_chat`
public record Opaque(String kind, JsonNode data) {}
