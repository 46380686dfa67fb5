package dev.warren.server.http;

/// The methods that routes have. HEAD is answered by GET without its body.
public enum Method {
  GET,
  POST,
  PUT,
  PATCH,
  DELETE
}
