package dev.warren.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// Reads request bodies as their routes declare them, within their limits.
final class Bodies {
  /// What routes without a body put up with: nothing, or an empty JSON object.
  private static final int IGNORED_BYTES_MAX = 64;

  /// Most bytes of a refused body that are read so that the client sees the refusal.
  private static final int DRAINED_BYTES_MAX = 64 * 1024 * 1024;

  /// @param bytes as they came, for the hash of an idempotency key
  record Body(dev.warren.server.http.Request.Input input, byte[] bytes) {}

  /// @throws ProblemException when there is too much of it, or it is not what is declared
  Body read(Request request, Route route) throws IOException {
    return switch (route.body()) {
      case Route.Body.None() -> none(request, route);
      case Route.Body.Raw(int max) -> {
        byte[] bytes = bytes(request, max);
        yield new Body(new dev.warren.server.http.Request.Input.Raw(bytes), bytes);
      }
      case Route.Body.Json json -> json(request, json, route.method() == Method.PATCH);
    };
  }

  private static Body none(Request request, Route route) throws IOException {
    if (route.method() != Method.GET) {
      byte[] bytes = bytes(request, IGNORED_BYTES_MAX);
      if (!new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
          .matches("\\s*(\\{\\s*})?\\s*")) {
        throw Problems.badRequest(route.method() + " " + route.path() + " takes no body");
      }
    }
    return new Body(new dev.warren.server.http.Request.Input.None(), new byte[0]);
  }

  private static Body json(Request request, Route.Body.Json json, boolean isPatch)
      throws IOException {
    byte[] bytes = bytes(request, json.bytesMax());
    if (bytes.length == 0) {
      if (json.required()) {
        throw Problems.badRequest("a JSON body is required");
      }
      return new Body(new dev.warren.server.http.Request.Input.None(), bytes);
    }
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type != null && !isJson(type)) {
      throw Problems.unsupportedMediaType(
          "the body's type is " + type + "; send JSON as application/json");
    }
    Object value =
        isPatch ? JsonBodies.readPatch(bytes, json.type()) : JsonBodies.read(bytes, json.type());
    if (value == null) {
      throw Problems.badRequest("the body is null; a JSON object is required");
    }
    return new Body(new dev.warren.server.http.Request.Input.Json(value), bytes);
  }

  private static boolean isJson(String contentType) {
    int semicolon = contentType.indexOf(';');
    String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return type.strip().toLowerCase(Locale.ROOT).equals("application/json");
  }

  private static byte[] bytes(Request request, int max) throws IOException {
    long announced = request.getLength();
    if (announced > DRAINED_BYTES_MAX) {
      throw tooLarge(max);
    }
    InputStream in = Request.asInputStream(request);
    byte[] bytes = announced > max ? new byte[0] : in.readNBytes(max + 1);
    if (announced > max || bytes.length > max) {
      drain(in);
      throw tooLarge(max);
    }
    return bytes;
  }

  /// Reads what is too much: a client that still writes when the connection is closed would not see
  /// the answer.
  private static void drain(InputStream in) throws IOException {
    byte[] dropped = new byte[64 * 1024];
    long left = DRAINED_BYTES_MAX;
    int read = 0;
    while (read >= 0 && left > 0) {
      read = in.read(dropped);
      left -= read;
    }
  }

  private static ProblemException tooLarge(int max) {
    return Problems.tooLarge("the body is larger than " + max + " bytes");
  }
}
