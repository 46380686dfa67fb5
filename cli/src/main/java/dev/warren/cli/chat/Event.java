package dev.warren.cli.chat;

import tools.jackson.databind.JsonNode;

/// One event of a chat's stream.
///
/// @param id opaque: where to go on after it; empty when the event carries none
/// @param name `snapshot`, `message`, `delta`, …
public record Event(String id, String name, JsonNode data) {}
