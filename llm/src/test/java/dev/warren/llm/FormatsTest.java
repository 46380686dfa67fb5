package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// A server that stands in for OpenAI's and has only the older of its two APIs.
class FormatsTest {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean chatToo = true;
  private HttpServer server;
  private Provider provider;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          String path = exchange.getRequestURI().getPath();
          asked.add(path);
          boolean known = chatToo && path.endsWith("/chat/completions");
          String body =
              known
                  ? "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"},"
                      + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
                  : "{\"error\":{\"message\":\"no such model or path\"}}";
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange
              .getResponseHeaders()
              .add("Content-Type", known ? "text/event-stream" : "application/json");
          exchange.sendResponseHeaders(known ? 200 : 404, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    provider =
        Providers.create(
            new ProviderSettings(
                "openai",
                Optional.of(
                    URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1")),
                Optional.of(new Secret("sk-formats-0123456789")),
                Map.of(),
                Duration.ofSeconds(20)));
  }

  @AfterEach
  void stop() {
    provider.close();
    server.stop(0);
  }

  private Completion ask() throws InterruptedException {
    return provider.stream(
        new ModelRequest(
            "m",
            "",
            List.of(),
            List.of(new Message(Message.Role.USER, List.of(Part.Text.of("hi")))),
            Optional.empty(),
            JsonNodeFactory.instance.objectNode(),
            ""),
        event -> {});
  }

  @Test
  void aServerWithoutResponsesIsAskedByChatCompletionsFromThenOn() throws Exception {
    assertThat(ask().parts()).containsExactly(Part.Text.of("hi"));
    assertThat(ask().parts()).containsExactly(Part.Text.of("hi"));
    assertThat(asked)
        .containsExactly("/v1/responses", "/v1/chat/completions", "/v1/chat/completions");
  }

  @Test
  void aModelThatNeitherKnowsTurnsNothing() throws Exception {
    chatToo = false;
    ProviderException e = catchThrowableOfType(ProviderException.class, this::ask);
    assertThat(e.kind()).isEqualTo(ProviderException.Kind.MODEL_NOT_FOUND);
    chatToo = true;
    asked.clear();
    ask();
    assertThat(asked).containsExactly("/v1/responses", "/v1/chat/completions");
  }
}
