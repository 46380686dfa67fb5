package dev.warren.server.http;

import dev.warren.server.access.Caller;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A request that its route admits: the caller is proved and may call it, the query holds only
/// known parameters, the body is of the declared type.
public final class Request {
  private static final int ID_CHARS = 36;

  private final Route route;
  private final Map<String, String> parameters;
  private final Map<String, String> query;
  private final Optional<Caller> caller;
  private final Input input;
  private final RequestHeaders headers;
  private final Optional<UUID> reservedId;

  /// What came in the body.
  sealed interface Input {
    record None() implements Input {}

    record Json(Object value) implements Input {}

    record Raw(byte[] bytes) implements Input {}
  }

  Request(
      Route route,
      Map<String, String> parameters,
      Map<String, String> query,
      Optional<Caller> caller,
      Input input,
      RequestHeaders headers,
      Optional<UUID> reservedId) {
    this.route = route;
    this.parameters = parameters;
    this.query = query;
    this.caller = caller;
    this.input = input;
    this.headers = headers;
    this.reservedId = reservedId;
  }

  public Route route() {
    return route;
  }

  /// Who asks; only of routes that are not [Access#OPEN].
  public Caller caller() {
    return caller.orElseThrow(
        () -> new IllegalStateException(route.path() + " is open: it has no caller"));
  }

  Optional<Caller> anyCaller() {
    return caller;
  }

  /// A parameter of the path, as it was sent.
  public String path(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalStateException(route.path() + " has no parameter " + name);
    }
    return value;
  }

  /// A parameter of the path that is an id.
  public UUID id(String name) {
    return parseId(name, path(name));
  }

  /// A parameter of the query, when it was sent.
  public Optional<String> query(String name) {
    if (!route.query().contains(name)) {
      throw new IllegalStateException(route.path() + " does not declare the parameter " + name);
    }
    return Optional.ofNullable(query.get(name));
  }

  public Optional<UUID> queryId(String name) {
    return query(name).map(text -> parseId(name, text));
  }

  public Optional<Boolean> queryFlag(String name) {
    return query(name)
        .map(text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw Problems.badInput(name, "is neither true nor false");
            });
  }

  public Optional<Integer> queryNumber(String name, int min, int max) {
    return query(name)
        .map(text -> {
          try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
              return number;
            }
          } catch (NumberFormatException e) {
            throw Problems.badInput(name, "is not a whole number");
          }
          throw Problems.badInput(name, "is not between " + min + " and " + max);
        });
  }

  public <E extends Enum<E>> Optional<E> queryOneOf(String name, Class<E> type) {
    return query(name)
        .map(text -> {
          for (E constant : type.getEnumConstants()) {
            if (constant.toString().equals(text)) {
              return constant;
            }
          }
          throw Problems.badInput(name, "is not one of " + List.of(type.getEnumConstants()));
        });
  }

  /// Which part of the list is asked for.
  public Page page() {
    return new Page(
        queryNumber("limit", 1, Page.LIMIT_MAX).orElse(Page.LIMIT_DEFAULT),
        query("cursor").map(Cursors::decode));
  }

  /// The JSON body that the route requires.
  public <T> T body(Class<T> type) {
    return bodyIfAny(type)
        .orElseThrow(() -> new IllegalStateException(route.path() + " does not require a body"));
  }

  /// The JSON body, when there was one.
  public <T> Optional<T> bodyIfAny(Class<T> type) {
    return input instanceof Input.Json(Object value)
        ? Optional.of(type.cast(value))
        : Optional.empty();
  }

  /// The body's bytes, of a route that accepts bytes.
  public byte[] bytes() {
    return input instanceof Input.Raw(byte[] bytes) ? bytes : new byte[0];
  }

  public Optional<String> header(String name) {
    return headers.get(name);
  }

  /// The id for what this request creates. With an `Idempotency-Key` it is the same each time the
  /// request is repeated, also after a crash between the creation and the answer: insert with `ON
  /// CONFLICT (id) DO NOTHING` and answer what is there.
  public UUID newId() {
    return reservedId.orElseGet(dev.warren.protocol.UuidV7::next);
  }

  /// What a reader of events has already: everything up to this frame's id.
  public Optional<String> resumeAfter() {
    return query("after").or(() -> header("Last-Event-ID")).filter(id -> !id.isEmpty());
  }

  /// The path with its query, as it was sent.
  public String target() {
    return headers.target();
  }

  /// The address that the request came from.
  public String remoteAddress() {
    return headers.remoteAddress();
  }

  private static UUID parseId(String name, String text) {
    try {
      if (text.length() == ID_CHARS) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException e) {
      throw Problems.badInput(name, "is not an id");
    }
    throw Problems.badInput(name, "is not an id");
  }

  /// The headers of a request, and where it came from.
  interface RequestHeaders {
    Optional<String> get(String name);

    String remoteAddress();

    String target();
  }
}
