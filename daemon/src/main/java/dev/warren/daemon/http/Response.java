package dev.warren.daemon.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/// What a handler answers.
public sealed interface Response {

  /// A record as JSON.
  record Json(int status, Object body) implements Response {}

  record NoContent() implements Response {}

  /// Bytes of a known length, written while they are read.
  record Bytes(int status, Map<String, String> headers, long length, Source source)
      implements Response {
    public Bytes {
      headers = Map.copyOf(headers);
    }
  }

  /// Writes exactly the length that was promised.
  @FunctionalInterface
  interface Source {
    void writeTo(OutputStream out) throws IOException;
  }

  static Response ok(Object body) {
    return new Json(200, body);
  }
}
