package dev.warren.scripted;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A request that came, for tests to look at.
///
/// @param headers by lower-case name, credentials included
/// @param body null node when it was no JSON
/// @param status that it was answered with
public record RecordedRequest(
    String method, String path, Map<String, String> headers, JsonNode body, int status) {
  public RecordedRequest {
    headers = Map.copyOf(headers);
  }
}
