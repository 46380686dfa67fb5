package dev.warren.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// A control plane that answers what a test lays ready, and remembers what it was asked.
final class FakeControlPlane implements AutoCloseable {
  /// @param body as it came; empty when there was none
  record Asked(String method, String path, Map<String, List<String>> headers, String body) {
    Optional<String> header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().getFirst())
          .findFirst();
    }
  }

  /// @param cut the connection breaks behind the body instead of ending
  private record Answer(int status, String type, String body, boolean cut) {}

  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  FakeControlPlane() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/api/v1", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Asked> asked(String methodAndPath) {
    return asked.stream().filter(a -> (a.method() + " " + a.path()).equals(methodAndPath)).toList();
  }

  FakeControlPlane on(String methodAndPath, int status, String json) {
    return on(methodAndPath, new Answer(status, "application/json", json, false));
  }

  FakeControlPlane events(String methodAndPath, boolean cut, String... events) {
    String body = String.join("", events);
    return on(methodAndPath, new Answer(200, "text/event-stream", body, cut));
  }

  static String event(String id, String name, String data) {
    return "id: " + id + "\nevent: " + name + "\ndata: " + data.replace("\n", "") + "\n\n";
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private FakeControlPlane on(String methodAndPath, Answer answer) {
    answers.computeIfAbsent(methodAndPath, _ -> new ArrayDeque<>()).add(answer);
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString().substring("/api/v1".length());
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(new Asked(exchange.getRequestMethod(), path, exchange.getRequestHeaders(), body));
    Answer answer = next(exchange.getRequestMethod() + " " + path);
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    // One byte more is promised than comes when the connection shall break.
    int length = bytes.length + (answer.cut() ? 1 : 0);
    exchange.sendResponseHeaders(answer.status(), answer.status() == 204 ? -1 : length);
    exchange.getResponseBody().write(bytes);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  /// The answers of a path in their order; its last one for ever.
  private synchronized Answer next(String methodAndPath) {
    Deque<Answer> left = answers.getOrDefault(methodAndPath, new ArrayDeque<>());
    if (left.isEmpty()) {
      String problem =
          "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"no "
              + methodAndPath
              + "\"}";
      return new Answer(404, "application/problem+json", problem, false);
    }
    return left.size() > 1 ? left.remove() : left.peek();
  }
}
