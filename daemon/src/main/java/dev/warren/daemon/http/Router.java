package dev.warren.daemon.http;

import dev.warren.daemon.DaemonException;
import dev.warren.protocol.http.HttpHead;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The table of the daemon's endpoints. A path segment in braces is a parameter.
public final class Router {
  private final List<Route> routes = new ArrayList<>();

  private record Route(String method, List<String> segments, Handler handler) {}

  /// Answers one request.
  @FunctionalInterface
  public interface Handler {
    Response handle(Request request) throws IOException, InterruptedException;
  }

  public Router add(String method, String pattern, Handler handler) {
    routes.add(new Route(method, List.of(pattern.split("/")), handler));
    return this;
  }

  Response route(HttpHead.Request head, InputStream body) throws IOException, InterruptedException {
    String path = Request.pathOf(head.target());
    List<String> segments = List.of(path.split("/", -1));
    TreeSet<String> methods = new TreeSet<>();
    for (Route route : routes) {
      Optional<Map<String, String>> parameters = match(route.segments, segments);
      if (parameters.isPresent()) {
        if (route.method.equals(head.method())) {
          return route.handler.handle(new Request(head, body, parameters.get()));
        }
        methods.add(route.method);
      }
    }
    if (!methods.isEmpty()) {
      throw new DaemonException(
          405,
          "about:blank",
          "Method not allowed",
          "%s takes %s, not %s".formatted(path, String.join(", ", methods), head.method()));
    }
    throw DaemonException.notFound("there is no endpoint " + path);
  }

  private static Optional<Map<String, String>> match(List<String> pattern, List<String> path) {
    if (pattern.size() != path.size()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < pattern.size(); i++) {
      String wanted = pattern.get(i);
      if (wanted.startsWith("{")) {
        parameters.put(wanted.substring(1, wanted.length() - 1), path.get(i));
      } else if (!wanted.equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }
}
