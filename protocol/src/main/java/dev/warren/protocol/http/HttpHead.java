package dev.warren.protocol.http;

/// The part of a message before its body.
public sealed interface HttpHead {
  HttpHeaders headers();

  /// @param target as sent: a path that starts with `/`, perhaps with a query
  record Request(String method, String target, HttpHeaders headers) implements HttpHead {}

  record Response(int status, HttpHeaders headers) implements HttpHead {}
}
