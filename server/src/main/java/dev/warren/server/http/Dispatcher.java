package dev.warren.server.http;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.Caller;
import dev.warren.server.db.DatabaseException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes each request through its steps: host, route, origin, caller, query, body, action, answer.
/// What goes wrong on the way is answered as a problem.
final class Dispatcher extends Handler.Abstract {
  static final String REQUEST_ID = "Warren-Request-Id";

  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  private final RouteTable table;
  private final Guard guard;
  private final Bodies bodies = new Bodies();
  private final Optional<Idempotency> idempotency;
  private final Streams streams;
  private final StaticPage page;
  private final HttpMetrics metrics;

  Dispatcher(
      RouteTable table,
      Guard guard,
      Optional<Idempotency> idempotency,
      Streams streams,
      StaticPage page,
      HttpMetrics metrics) {
    this.table = table;
    this.guard = guard;
    this.idempotency = idempotency;
    this.streams = streams;
    this.page = page;
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    long began = System.nanoTime();
    String requestId = UuidV7.next().toString();
    response.getHeaders().put(REQUEST_ID, requestId);
    Answers answers = new Answers(request, response, callback, requestId);
    String route = "none";
    metrics.began();
    try {
      String path = request.getHttpURI().getCanonicalPath();
      if (path == null || !path.startsWith("/")) {
        throw Problems.badRequest("the path does not begin with a slash");
      }
      if (!isProbe(path)) {
        guard.checkHost(request);
      }
      switch (table.find(request.getMethod(), segments(path))) {
        case RouteTable.Match.Found(Route found, Map<String, String> parameters) -> {
          route = found.path();
          run(found, parameters, request, answers);
        }
        case RouteTable.Match.OtherMethods(var allowed) -> {
          String list = String.join(", ", allowed);
          if (!request.getMethod().equals("OPTIONS")) {
            throw Problems.methodNotAllowed(
                request.getMethod() + " is not for " + path + "; " + list + " are", list);
          }
          answers.send(dev.warren.server.http.Response.noContent().with("Allow", list));
        }
        case RouteTable.Match.None() -> {
          route = "page";
          page.serve(request, path, answers);
        }
      }
    } catch (ProblemException e) {
      answers.problem(e);
    } catch (DatabaseException e) {
      log.error("{} {} failed, request {}", request.getMethod(), route, requestId, e);
      answers.problem(Problems.unavailable("the database does not answer", Duration.ofSeconds(2)));
    } catch (EofException e) {
      log.debug("the client of request {} is gone", requestId, e);
      callback.failed(e);
    } catch (InterruptedException e) {
      answers.problem(Problems.unavailable("the server is stopping", Duration.ofSeconds(2)));
    } catch (Exception | StackOverflowError e) {
      log.error("{} {} failed, request {}", request.getMethod(), route, requestId, e);
      answers.problem(Problems.internal());
    } finally {
      metrics.ended(route, request.getMethod(), response.getStatus(), System.nanoTime() - began);
    }
    return true;
  }

  private void run(Route route, Map<String, String> parameters, Request request, Answers answers)
      throws Exception {
    boolean upgrades = Upgrades.isAsked(request);
    if (upgrades || route.method() != Method.GET) {
      guard.checkOrigin(request);
    }
    List<String> subprotocols = upgrades ? Upgrades.subprotocols(request) : List.of();
    Optional<Caller> caller = guard.admit(request, route, subprotocols);
    Map<String, String> query = query(request, route);
    Bodies.Body body = bodies.read(request, route);
    Optional<Idempotency.Reservation> reservation =
        caller.isPresent() && route.idempotent()
            ? reserve(request, route, parameters, caller.get(), body)
            : Optional.empty();
    if (reservation.isPresent()
        && reservation.get() instanceof Idempotency.Reservation.Answered(Rendered stored)) {
      answers.send(stored);
      return;
    }
    Optional<UUID> id = reservation.flatMap(Idempotency.Reservation::id);
    var asked =
        new dev.warren.server.http.Request(
            route, parameters, query, caller, body.input(), new Headers(request), id);
    switch (route.does()) {
      case Route.Does.Answers(Action action) -> answer(action, asked, reservation, answers);
      case Route.Does.Streams(EventAction action) ->
          streams.events(action.open(asked), caller, upgrades, answers);
      case Route.Does.Talks(SocketAction action) -> {
        if (!upgrades) {
          throw Problems.upgradeRequired(route.path() + " is a WebSocket");
        }
        streams.talk(action.open(asked), caller, answers);
      }
    }
  }

  private void answer(
      Action action,
      dev.warren.server.http.Request asked,
      Optional<Idempotency.Reservation> reservation,
      Answers answers)
      throws Exception {
    dev.warren.server.http.Response answer;
    try {
      answer = action.handle(asked);
    } catch (Throwable e) {
      // The request had no effect, or its effect is found by its id when it is repeated.
      release(reservation, e);
      throw e;
    }
    if (answer instanceof dev.warren.server.http.Response.Stream stream) {
      streams.follow(stream, asked, answers);
      return;
    }
    if (reservation.isPresent() && answer.status() < 300) {
      idempotency.orElseThrow().complete(reservation.get(), answers.render(answer));
    }
    answers.send(answer);
  }

  /// Without the database the key is free a little later, by itself.
  private void release(Optional<Idempotency.Reservation> reservation, Throwable why) {
    try {
      reservation.ifPresent(held -> idempotency.orElseThrow().release(held));
    } catch (RuntimeException e) {
      why.addSuppressed(e);
    }
  }

  private Optional<Idempotency.Reservation> reserve(
      Request request, Route route, Map<String, String> parameters, Caller caller, Bodies.Body body)
      throws InterruptedException {
    String key = request.getHeaders().get("Idempotency-Key");
    if (key == null || idempotency.isEmpty()) {
      return Optional.empty();
    }
    String operation = route.method() + " " + route.path() + " " + parameters;
    return Optional.of(idempotency.get().reserve(caller.id(), key, operation, body.bytes()));
  }

  private static Map<String, String> query(Request request, Route route) {
    Map<String, String> values = new HashMap<>();
    String raw = request.getHttpURI().getQuery();
    if (raw == null) {
      return values;
    }
    for (String pair : raw.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      if (!route.query().contains(name)) {
        throw Problems.badInput(name, "is not a parameter here; known are " + route.query());
      }
      String value = decode(equals < 0 ? "" : pair.substring(equals + 1));
      if (values.put(name, value) != null) {
        throw Problems.badInput(name, "is given twice");
      }
    }
    return values;
  }

  private static String decode(String text) {
    try {
      return Texts.clean(URLDecoder.decode(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw Problems.badRequest("the query is not percent-encoded as it should be");
    }
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : RouteTable.segments(path)) {
      try {
        segments.add(
            Texts.clean(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8)));
      } catch (IllegalArgumentException e) {
        throw Problems.badRequest("the path is not percent-encoded as it should be");
      }
    }
    return segments;
  }

  /// Probes come by address, from machines that know no name of ours.
  private static boolean isProbe(String path) {
    return path.equals("/healthz") || path.equals("/readyz") || path.equals("/metrics");
  }

  private record Headers(Request request) implements dev.warren.server.http.Request.RequestHeaders {
    @Override
    public Optional<String> get(String name) {
      return Optional.ofNullable(request.getHeaders().get(name));
    }

    @Override
    public String remoteAddress() {
      return Request.getRemoteAddr(request);
    }

    @Override
    public String target() {
      return request.getHttpURI().getPathQuery();
    }
  }
}
