package dev.warren.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// An answer. Header names are given as they are written.
public sealed interface Response {
  int status();

  Map<String, String> headers();

  /// The same answer with one more header.
  Response with(String header, String value);

  /// `body` is written as JSON by the shared mapper.
  record Json(int status, Object body, Map<String, String> headers) implements Response {
    @Override
    public Response with(String header, String value) {
      return new Json(status, body, plus(headers, header, value));
    }
  }

  record Empty(int status, Map<String, String> headers) implements Response {
    @Override
    public Response with(String header, String value) {
      return new Empty(status, plus(headers, header, value));
    }
  }

  record Bytes(int status, String mediaType, byte[] bytes, Map<String, String> headers)
      implements Response {
    @Override
    public Response with(String header, String value) {
      return new Bytes(status, mediaType, bytes, plus(headers, header, value));
    }
  }

  /// Bytes that are written as they come; a flush sends what there is.
  ///
  /// @param length when it is known before
  record Stream(
      int status, String mediaType, OptionalLong length, Body body, Map<String, String> headers)
      implements Response {
    @Override
    public Response with(String header, String value) {
      return new Stream(status, mediaType, length, body, plus(headers, header, value));
    }
  }

  /// Writes a streamed body. Interrupted when the caller's credential is revoked or the server
  /// stops.
  @FunctionalInterface
  interface Body {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  static Response ok(Object body) {
    return new Json(200, body, Map.of());
  }

  static Response created(Object body) {
    return new Json(201, body, Map.of());
  }

  static Response json(int status, Object body) {
    return new Json(status, body, Map.of());
  }

  static Response noContent() {
    return new Empty(204, Map.of());
  }

  static Response bytes(String mediaType, byte[] bytes) {
    return new Bytes(200, mediaType, bytes, Map.of());
  }

  static Response stream(String mediaType, Body body) {
    return new Stream(200, mediaType, OptionalLong.empty(), body, Map.of());
  }

  private static Map<String, String> plus(Map<String, String> headers, String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return Map.copyOf(more);
  }
}
