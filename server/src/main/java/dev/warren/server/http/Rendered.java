package dev.warren.server.http;

import dev.warren.protocol.Json;
import java.util.Map;

/// An answer as bytes: what is sent, and what an idempotency key remembers.
record Rendered(int status, String mediaType, byte[] body, Map<String, String> headers) {
  private static final String JSON = "application/json";

  /// @throws IllegalArgumentException for a stream, which has no bytes yet
  static Rendered of(Response response) {
    return switch (response) {
      case Response.Json json ->
          new Rendered(
              json.status(), JSON, Json.STRICT.writeValueAsBytes(json.body()), json.headers());
      case Response.Empty empty -> new Rendered(empty.status(), "", new byte[0], empty.headers());
      case Response.Bytes bytes ->
          new Rendered(bytes.status(), bytes.mediaType(), bytes.bytes(), bytes.headers());
      case Response.Stream stream ->
          throw new IllegalArgumentException("a stream is not rendered: " + stream.mediaType());
    };
  }
}
