package dev.warren.server.http;

import dev.warren.server.access.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One method of one path, and all that is known of it: who may call it, what it takes, what it
/// does. Values; each `with`-like method answers a changed copy.
///
/// @param path whole, with its parameters in braces, such as `/api/v1/chats/{id}`
/// @param body what it takes
/// @param query names of the parameters it takes; any other is refused
/// @param idempotent whether an `Idempotency-Key` makes a repeated request answer the same
/// @param workspaces whether a token of scope `workspaces` may call it
/// @param reads whether it changes nothing, so that a token of scope `read` may call it
/// @param answer the status and type of a good answer, for the API's description
/// @param summary one line, for the API's description
public record Route(
    Method method,
    String path,
    Access access,
    Does does,
    Body body,
    List<String> query,
    boolean idempotent,
    boolean workspaces,
    boolean reads,
    Answer answer,
    String summary) {
  /// Where the paths of the API begin.
  public static final String API = "/api/v1";

  /// Largest JSON body, unless a route says otherwise.
  public static final int JSON_BYTES_MAX = 1024 * 1024;

  /// What it does: an answer, a stream of events, or a WebSocket.
  public sealed interface Does {
    record Answers(Action action) implements Does {}

    record Streams(EventAction action) implements Does {}

    record Talks(SocketAction action) implements Does {}
  }

  /// What it takes.
  public sealed interface Body {
    record None() implements Body {}

    record Json(Class<?> type, boolean required, int bytesMax) implements Body {}

    record Raw(int bytesMax) implements Body {}
  }

  /// @param type absent when the answer has no body or is no JSON
  public record Answer(int status, Optional<Class<?>> type) {}

  public Route {
    query = List.copyOf(query);
  }

  public static Route get(String path, Access access, Action action) {
    return of(Method.GET, path, access, new Does.Answers(action));
  }

  public static Route post(String path, Access access, Action action) {
    return of(Method.POST, path, access, new Does.Answers(action));
  }

  public static Route put(String path, Access access, Action action) {
    return of(Method.PUT, path, access, new Does.Answers(action));
  }

  public static Route patch(String path, Access access, Action action) {
    return of(Method.PATCH, path, access, new Does.Answers(action));
  }

  public static Route delete(String path, Access access, Action action) {
    return of(Method.DELETE, path, access, new Does.Answers(action));
  }

  /// A stream of events: server-sent, or a WebSocket when the request upgrades. Takes `after`, and
  /// the header `Last-Event-ID`: [Request#resumeAfter()].
  public static Route events(String path, Access access, EventAction action) {
    return of(Method.GET, path, access, new Does.Streams(action)).query("after");
  }

  /// A WebSocket.
  public static Route socket(String path, Access access, SocketAction action) {
    return of(Method.GET, path, access, new Does.Talks(action)).acts();
  }

  private static Route of(Method method, String path, Access access, Does does) {
    return new Route(
        method,
        path,
        access,
        does,
        new Body.None(),
        List.of(),
        false,
        false,
        method == Method.GET,
        new Answer(200, Optional.empty()),
        "");
  }

  /// Takes a JSON body, required, read into this record.
  public Route accepts(Class<? extends Record> type) {
    return withBody(new Body.Json(type, true, JSON_BYTES_MAX));
  }

  public Route accepts(Class<? extends Record> type, int bytesMax) {
    return withBody(new Body.Json(type, true, bytesMax));
  }

  /// Takes a JSON body, or none.
  public Route acceptsOptional(Class<? extends Record> type) {
    return withBody(new Body.Json(type, false, JSON_BYTES_MAX));
  }

  /// Takes bytes of any type: [Request#bytes()].
  public Route acceptsBytes(int bytesMax) {
    return withBody(new Body.Raw(bytesMax));
  }

  private Route withBody(Body next) {
    return new Route(
        method, path, access, does, next, query, idempotent, workspaces, reads, answer, summary);
  }

  /// Takes these query parameters too.
  public Route query(String... names) {
    List<String> all = new ArrayList<>(query);
    all.addAll(List.of(names));
    return new Route(
        method, path, access, does, body, all, idempotent, workspaces, reads, answer, summary);
  }

  /// Answers a list in parts: [Request#page()].
  public Route paged() {
    return query("limit", "cursor");
  }

  public Route idempotently() {
    return new Route(
        method, path, access, does, body, query, true, workspaces, reads, answer, summary);
  }

  /// A token of scope [Scope#WORKSPACES] may call it.
  public Route forWorkspaces() {
    return new Route(
        method, path, access, does, body, query, idempotent, true, reads, answer, summary);
  }

  /// It does more than reading, although its method is GET.
  public Route acts() {
    return new Route(
        method, path, access, does, body, query, idempotent, workspaces, false, answer, summary);
  }

  public Route answers(int status, Class<?> type) {
    return withAnswer(new Answer(status, Optional.of(type)));
  }

  public Route answers(int status) {
    return withAnswer(new Answer(status, Optional.empty()));
  }

  private Route withAnswer(Answer next) {
    return new Route(
        method, path, access, does, body, query, idempotent, workspaces, reads, next, summary);
  }

  public Route summary(String line) {
    return new Route(
        method, path, access, does, body, query, idempotent, workspaces, reads, answer, line);
  }

  boolean admits(Scope scope) {
    return switch (scope) {
      case ALL -> true;
      case READ -> reads;
      case WORKSPACES -> workspaces;
    };
  }
}
