package dev.warren.server.http;

import dev.warren.protocol.Problem;
import dev.warren.protocol.Problem.FieldError;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// The problems that are answered. A detail says what was tried, with which value, and what would
/// help.
public final class Problems {
  private Problems() {}

  /// 400 for one field.
  ///
  /// @param field its name or JSON path, such as `content[0].type`
  public static ProblemException badInput(String field, String detail) {
    return badInput(List.of(new FieldError(field, detail)));
  }

  public static ProblemException badInput(List<FieldError> errors) {
    FieldError first = errors.getFirst();
    return make(400, "Bad input", first.field() + ": " + first.detail(), errors, Map.of());
  }

  static ProblemException badRequest(String detail) {
    return make(400, "Bad request", detail, List.of(), Map.of());
  }

  public static ProblemException unauthorized(String detail) {
    return make(401, "Not signed in", detail, List.of(), Map.of("WWW-Authenticate", "Bearer"));
  }

  public static ProblemException forbidden(String detail) {
    return make(403, "Not allowed", detail, List.of(), Map.of());
  }

  /// 404, also for what the caller may not know of.
  public static ProblemException notFound(String detail) {
    return make(404, "Not found", detail, List.of(), Map.of());
  }

  static ProblemException methodNotAllowed(String detail, String allowed) {
    return make(405, "Method not allowed", detail, List.of(), Map.of("Allow", allowed));
  }

  /// 409: the state is another than the request needs.
  public static ProblemException conflict(String detail) {
    return make(409, "Wrong state", detail, List.of(), Map.of());
  }

  /// 410: it was there, and will not come back.
  public static ProblemException gone(String detail) {
    return make(410, "Gone", detail, List.of(), Map.of());
  }

  public static ProblemException tooLarge(String detail) {
    return make(413, "Too large", detail, List.of(), Map.of());
  }

  public static ProblemException unsupportedMediaType(String detail) {
    return make(415, "Unsupported media type", detail, List.of(), Map.of());
  }

  static ProblemException misdirected(String detail) {
    return make(421, "Misdirected request", detail, List.of(), Map.of());
  }

  static ProblemException upgradeRequired(String detail) {
    return make(426, "Upgrade required", detail, List.of(), Map.of("Upgrade", "websocket"));
  }

  public static ProblemException tooManyRequests(String detail, Duration retryAfter) {
    return make(
        429,
        "Too many requests",
        detail,
        List.of(),
        Map.of("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds()))));
  }

  static ProblemException internal() {
    return make(
        500,
        "Internal error",
        "this is a fault of the server; its log has more under the request's id",
        List.of(),
        Map.of());
  }

  /// 502: something behind us failed.
  public static ProblemException badGateway(String detail) {
    return make(502, "Bad gateway", detail, List.of(), Map.of());
  }

  /// 503: it cannot be done now, and may be done later.
  public static ProblemException unavailable(String detail, Duration retryAfter) {
    return make(
        503,
        "Unavailable",
        detail,
        List.of(),
        Map.of("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds()))));
  }

  static ProblemException make(
      int status,
      String title,
      String detail,
      List<FieldError> errors,
      Map<String, String> headers) {
    return new ProblemException(new Problem("about:blank", title, status, detail, errors), headers);
  }
}
