package dev.warren.server.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// All routes, found by method and path. Literal segments win over parameters. Immutable.
public final class RouteTable {
  private final List<Route> routes;
  private final Node root = new Node();

  /// @throws IllegalArgumentException when two routes have the same method and path
  public RouteTable(Collection<Route> routes) {
    this.routes = List.copyOf(routes);
    this.routes.forEach(this::add);
  }

  public List<Route> routes() {
    return routes;
  }

  /// What a path leads to.
  sealed interface Match {
    record Found(Route route, Map<String, String> parameters) implements Match {}

    /// The path is known, but not with this method.
    record OtherMethods(TreeSet<String> allowed) implements Match {}

    record None() implements Match {}
  }

  /// @param segments of the path, decoded
  Match find(String method, List<String> segments) {
    Map<String, String> parameters = new HashMap<>();
    Optional<Node> node = root.find(segments, 0, parameters);
    if (node.isEmpty()) {
      return new Match.None();
    }
    Map<String, Route> byMethod = node.get().byMethod;
    Route route = byMethod.get(method.equals("HEAD") ? "GET" : method);
    if (route != null) {
      return new Match.Found(route, parameters);
    }
    TreeSet<String> allowed = new TreeSet<>(byMethod.keySet());
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    allowed.add("OPTIONS");
    return new Match.OtherMethods(allowed);
  }

  private void add(Route route) {
    Node node = root;
    for (String segment : segments(route.path())) {
      node = node.child(segment);
    }
    if (node.byMethod.putIfAbsent(route.method().name(), route) != null) {
      throw new IllegalArgumentException("two routes for " + route.method() + " " + route.path());
    }
  }

  static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }

  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    final List<Map.Entry<String, Node>> parameters = new ArrayList<>(1);
    final Map<String, Route> byMethod = new HashMap<>();

    Node child(String segment) {
      if (!segment.startsWith("{")) {
        return literals.computeIfAbsent(segment, s -> new Node());
      }
      for (Map.Entry<String, Node> known : parameters) {
        if (known.getKey().equals(segment)) {
          return known.getValue();
        }
      }
      Node node = new Node();
      parameters.add(Map.entry(segment, node));
      return node;
    }

    Optional<Node> find(List<String> segments, int at, Map<String, String> values) {
      if (at == segments.size()) {
        return byMethod.isEmpty() ? Optional.empty() : Optional.of(this);
      }
      String segment = segments.get(at);
      Node literal = literals.get(segment);
      if (literal != null) {
        Optional<Node> found = literal.find(segments, at + 1, values);
        if (found.isPresent()) {
          return found;
        }
      }
      for (Map.Entry<String, Node> parameter : parameters) {
        if (!fits(parameter.getKey(), segment)) {
          continue;
        }
        Optional<Node> found = parameter.getValue().find(segments, at + 1, values);
        if (found.isPresent()) {
          bind(parameter.getKey(), segment, values);
          return found;
        }
      }
      return Optional.empty();
    }

    private static boolean fits(String pattern, String segment) {
      String suffix = pattern.substring(pattern.indexOf('}') + 1);
      return segment.length() > suffix.length() && segment.endsWith(suffix);
    }

    /// A parameter may be a part of its segment: `{platform}.tar.gz`.
    private static void bind(String pattern, String segment, Map<String, String> values) {
      int end = pattern.indexOf('}');
      String suffix = pattern.substring(end + 1);
      values.put(
          pattern.substring(1, end), segment.substring(0, segment.length() - suffix.length()));
    }
  }
}
