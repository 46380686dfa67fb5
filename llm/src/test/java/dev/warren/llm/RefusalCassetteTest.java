package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.warren.llm.ProviderException.Kind;
import dev.warren.llm.ProviderSettings.Cloud;
import dev.warren.llm.ProviderSettings.Network;
import dev.warren.llm.wire.WireJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Every recorded refusal, with its status and media type, through the provider that got it: how it
/// is classified, what people read, how long it says to wait.
class RefusalCassetteTest {
  private record Refusal(Kind kind, boolean retryable, String message) {}

  private static final String OPENROUTER =
      "The provider at AT limits the rate of requests; wait, or raise the account's limits (status"
          + " 429).";

  /// By file; `AT` stands for the address. What the provider wrote in prose is not repeated.
  private static final Map<String, Refusal> EXPECTED =
      Map.of(
          "anthropic_explicit_effort_xhigh_unsupported_model_errors.1.json",
          new Refusal(
              Kind.INVALID_REQUEST,
              false,
              "The provider at AT refused the request; check the model's options (status 400,"
                  + " invalid_request_error, request req_011Ca7jT9AHpgXgdv8igm4z9)."),
          "model_name_suggestion_openai-responses.1.json",
          new Refusal(
              Kind.MODEL_NOT_FOUND,
              false,
              "The provider at AT knows no model gpt-5.2-proo, or the key may not use it; check its"
                  + " name (status 400, invalid_request_error, model_not_found, parameter model)."),
          "model_sees_multiple_images_google_vertex.2.json",
          new Refusal(
              Kind.INVALID_REQUEST,
              false,
              "The provider at AT refused the request; check the model's options (status 400,"
                  + " INVALID_ARGUMENT)."),
          "openrouter_errors_raised.2.json",
          new Refusal(Kind.RATE_LIMIT, true, OPENROUTER),
          "openrouter_errors_raised.3.json",
          new Refusal(Kind.RATE_LIMIT, true, OPENROUTER),
          "openai_responses_model_http_error.1.json",
          new Refusal(
              Kind.INVALID_REQUEST,
              false,
              "The provider at AT refused the request; check the model's options (status 400,"
                  + " invalid_request_error, decimal_below_min_value, parameter temperature)."));

  @TestFactory
  Stream<DynamicTest> recordedRefusalsAreWhatTheyWere() {
    List<Path> files = Cassettes.refusals();
    assertThat(files)
        .extracting(file -> String.valueOf(file.getFileName()))
        .containsExactlyInAnyOrderElementsOf(EXPECTED.keySet());
    return files.stream()
        .map(file -> {
          String name = String.valueOf(file.getFileName());
          return DynamicTest.dynamicTest(name, () -> check(file, EXPECTED.get(name)));
        });
  }

  private static void check(Path file, Refusal expected) throws IOException {
    JsonNode meta =
        WireJson.MAPPER.readTree(
            Path.of(file.toString().replaceAll("\\.json$", ".meta.json")).toFile());
    byte[] body = Cassettes.bytes(file);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange
              .getResponseHeaders()
              .add("Content-Type", meta.path("contentType").asString("application/json"));
          exchange.sendResponseHeaders(meta.path("status").asInt(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    try (Provider provider = provider(URI.create(meta.path("uri").asString()), url)) {
      ProviderException e =
          catchThrowableOfType(
              ProviderException.class,
              () -> provider.stream(request(meta.path("requestBody")), event -> {}));
      assertThat(
              new Refusal(e.kind(), e.retryable(), e.getMessage().replace(url.substring(7), "AT")))
          .isEqualTo(expected);
      assertThat(e.status()).isEqualTo(meta.path("status").asInt());
      assertThat(e.retryAfter()).isEmpty();
      assertThat(e.toString()).doesNotContain("temporarily", "does not support", "robots.txt");
    } finally {
      server.stop(0);
    }
  }

  private static ModelRequest request(JsonNode recorded) {
    return new ModelRequest(
        recorded.path("model").asString("gemini-3-flash-preview"),
        "",
        List.of(),
        List.of(new Message(Message.Role.USER, List.of(Part.Text.of("hello")))),
        Optional.empty(),
        JsonNodeFactory.instance.objectNode(),
        "");
  }

  /// The one that was asked then, at another address.
  private static Provider provider(URI recorded, String url) {
    String kind =
        switch (recorded.getHost()) {
          case "api.anthropic.com" -> "anthropic";
          case "api.openai.com" -> "openai";
          case "openrouter.ai" -> "openai_compatible";
          case "aiplatform.googleapis.com" -> "vertex";
          default -> throw new AssertionError("no provider for " + recorded);
        };
    return Providers.create(
        new ProviderSettings(
            kind,
            Optional.of(URI.create(url)),
            Optional.of(new Secret("key-0123456789")),
            Map.of(),
            Duration.ofSeconds(20),
            Cloud.NONE,
            Network.NONE));
  }
}
