package dev.warren.bench.chaos;

import dev.warren.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// A client that does not give up: a request without an answer is made again, with the same
/// idempotency key, at whichever replica the gate leads to.
final class Api {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(6);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final String url;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private volatile String token = "";

  Api(String url) {
    this.url = url;
  }

  /// An answer: not the failure of a replica.
  record Answer(int status, JsonNode body) {
    boolean isGood() {
      return status < 300;
    }

    JsonNode good() {
      if (!isGood()) {
        throw new IllegalStateException(status + " " + body);
      }
      return body;
    }
  }

  void signIn(String email, String password) {
    token =
        post("/sessions", Map.of("email", email, "password", password))
            .good()
            .path("token")
            .asString();
  }

  HttpClient http() {
    return http;
  }

  Answer get(String path) {
    return insist(path, request -> request.GET());
  }

  Answer post(String path, Object body) {
    String key = UUID.randomUUID().toString();
    return insist(
        path,
        request ->
            request
                .header("Idempotency-Key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.STRICT.writeValueAsString(body))));
  }

  Answer patch(String path, Object body) {
    return insist(
        path,
        request ->
            request
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(Json.STRICT.writeValueAsString(body))));
  }

  /// One attempt; empty when nobody knows what came of it.
  Optional<Answer> once(String method, String path, Object body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(Json.STRICT.writeValueAsString(body))));
  }

  private Answer insist(String path, java.util.function.UnaryOperator<HttpRequest.Builder> form) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<Answer> answer = send(form.apply(request(path)));
      if (answer.isPresent()) {
        return answer.get();
      }
      TcpGate.pause(Duration.ofMillis(100));
    }
    throw new IllegalStateException("no answer to " + path + " within " + PATIENCE);
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1" + path)).timeout(ANSWER_MAX);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private Optional<Answer> send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() >= 500 || response.statusCode() == 429) {
        return Optional.empty();
      }
      JsonNode body =
          response.body().isEmpty()
              ? Json.LENIENT.createObjectNode()
              : Json.LENIENT.readTree(response.body());
      return Optional.of(new Answer(response.statusCode(), body));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
