package dev.warren.llm;

import tools.jackson.databind.JsonNode;

/// A tool as the model is told of it.
///
/// @param name 1 to 64 of `[a-zA-Z0-9_-]`
/// @param inputSchema JSON Schema of an object
public record ToolSpec(String name, String description, JsonNode inputSchema) {}
