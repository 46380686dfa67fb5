package dev.warren.cli.client;

import dev.warren.protocol.CertificateFile;
import dev.warren.protocol.Json;
import dev.warren.protocol.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The control plane's HTTP API, one blocking call a method. Answers are JSON trees: a newer
/// control plane may add members.
public final class Api implements AutoCloseable {
  /// For an answer to begin; streams may then stay silent as long as they like.
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /// How often a request that cannot run twice is sent when its connection breaks.
  private static final int TRIES_MAX = 4;

  /// The largest page that a list gives.
  private static final int PAGE_ITEMS = 200;

  /// The most items that are read of a list.
  private static final int LIST_ITEMS_MAX = 10_000;

  private final Login login;
  private final HttpClient http;

  public Api(Login login) {
    this.login = login;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
  }

  public static Api signedIn() {
    return new Api(Login.current(System.getenv()));
  }

  public Login login() {
    return login;
  }

  public JsonNode get(String path) {
    return json(request(path).GET().build(), TRIES_MAX);
  }

  /// A request that the control plane runs once, however often it is sent.
  public JsonNode postOnce(String path, Object body) {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofString(Json.STRICT.writeValueAsString(body)))
            .build();
    return json(request, TRIES_MAX);
  }

  public JsonNode post(String path, Object body) {
    return send("POST", path, body);
  }

  public JsonNode post(String path) {
    return json(request(path).POST(BodyPublishers.noBody()).build(), 1);
  }

  /// Sends a file's content.
  public JsonNode upload(String path, String type, byte[] content) {
    return json(
        request(path)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(content))
            .build(),
        1);
  }

  /// Fetches a file's content.
  public byte[] download(String path) {
    try (InputStream body = stream(path, Map.of("Accept", "*/*"))) {
      return body.readAllBytes();
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  public JsonNode put(String path, Object body) {
    return send("PUT", path, body);
  }

  public JsonNode patch(String path, Object body) {
    return send("PATCH", path, body);
  }

  public void delete(String path) {
    json(request(path).DELETE().build(), 1);
  }

  /// All items of a list, page by page.
  public List<JsonNode> list(String path) {
    List<JsonNode> items = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      String query = (path.contains("?") ? "&" : "?") + "limit=" + PAGE_ITEMS;
      JsonNode page = get(path + query + cursor.map(at -> "&cursor=" + encoded(at)).orElse(""));
      page.path("items").forEach(items::add);
      cursor = page.path("next_cursor").asStringOpt();
    } while (cursor.isPresent() && items.size() < LIST_ITEMS_MAX);
    return items;
  }

  /// A body that goes on for as long as the control plane writes; the caller closes it.
  public InputStream stream(String path, Map<String, String> headers) throws IOException {
    HttpRequest.Builder request = request(path);
    headers.forEach(request::setHeader);
    HttpResponse<InputStream> response = exchange(request.GET().build());
    if (response.statusCode() / 100 == 2) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      throw refused(response, body.readAllBytes());
    }
  }

  public static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private JsonNode send(String method, String path, Object body) {
    HttpRequest request =
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(Json.STRICT.writeValueAsString(body)))
            .build();
    return json(request, 1);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(login.url() + "/api/v1" + path))
            .timeout(ANSWER_TIMEOUT)
            .header("Accept", "application/json")
            .header("User-Agent", "warren-cli/" + ThisProgram.version());
    return login.token().isEmpty()
        ? request
        : request.header("Authorization", "Bearer " + login.token());
  }

  private JsonNode json(HttpRequest request, int tries) {
    for (int attempt = 1; ; attempt++) {
      try {
        HttpResponse<InputStream> response = exchange(request);
        try (InputStream body = response.body()) {
          byte[] bytes = body.readAllBytes();
          if (response.statusCode() / 100 != 2) {
            throw refused(response, bytes);
          }
          return bytes.length == 0
              ? JsonNodeFactory.instance.missingNode()
              : Json.LENIENT.readTree(bytes);
        }
      } catch (ConnectException e) {
        throw unreachable(e);
      } catch (IOException e) {
        if (attempt >= tries) {
          throw unreachable(e);
        }
      } catch (JacksonException e) {
        throw new Failure(
            login.url() + " did not answer as a Warren control plane: is the URL right?", e);
      }
    }
  }

  private HttpResponse<InputStream> exchange(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted", e);
    }
  }

  public Failure unreachable(IOException cause) {
    String why =
        switch (cause) {
          case ConnectException _ -> "nothing answers there: is the control plane running?";
          case SSLHandshakeException tls ->
              "its certificate is not accepted (%s): for an authority of your own, set %s to a file with its certificate"
                  .formatted(tls.getMessage(), CertificateFile.VARIABLE);
          default -> "the connection broke (" + cause.getMessage() + "): try again";
        };
    return new Failure("cannot reach " + login.url() + ": " + why, cause);
  }

  private Failure refused(HttpResponse<?> response, byte[] body) {
    int status = response.statusCode();
    if (status == 401 && !login.token().isEmpty()) {
      return new Failure(
          "not signed in at " + login.url() + ": run " + ThisProgram.line("login " + login.url()),
          status);
    }
    try {
      Problem problem = Json.LENIENT.readValue(body, Problem.class);
      String fields =
          problem.errors().stream()
              .map(error -> error.field() + ": " + error.detail())
              .collect(Collectors.joining("; "));
      return new Failure(problem.detail() + (fields.isEmpty() ? "" : " (" + fields + ")"), status);
    } catch (JacksonException | NullPointerException e) {
      return new Failure(
          login.url() + " answered status " + status + ": is it a Warren control plane?", status);
    }
  }
}
