package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.warren.llm.ProviderException.Kind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// What an administrator reads when a provider is set up wrongly: each failure says what to do.
class RefusalWordsTest {
  private static final String PAGE = "<!doctype html><title>Sign in</title>";

  private HttpServer server;
  private int status = 200;
  private String type = "text/html; charset=utf-8";
  private String body = PAGE;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", type);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private ProviderException asked(String kind, Optional<Secret> key) {
    ProviderSettings settings =
        new ProviderSettings(
            kind,
            Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1")),
            key,
            Map.of(),
            Duration.ofSeconds(10));
    try (Provider provider = Providers.create(settings)) {
      return catchThrowableOfType(
          ProviderException.class,
          () ->
              provider.stream(
                  new ModelRequest(
                      "m",
                      "",
                      List.of(),
                      List.of(new Message(Message.Role.USER, List.of(Part.Text.of("hi")))),
                      Optional.empty(),
                      JsonNodeFactory.instance.objectNode(),
                      ""),
                  event -> {}));
    }
  }

  private ProviderException asked() {
    return asked("openai_compatible", Optional.of(new Secret("sk-words-0123456789")));
  }

  @Test
  void aPageInsteadOfAnAnswerIsNamed() {
    assertThat(asked())
        .hasMessageContaining("but with text/html: something else answers there")
        .hasMessageContaining("check the base URL")
        .hasMessageNotContaining("Sign in")
        .returns(Kind.INVALID_REQUEST, ProviderException::kind);
  }

  @Test
  void aGatewayWithoutItsServerIsToldFromAServerThatFails() {
    status = 502;
    assertThat(asked())
        .hasMessageContaining("cannot be reached by the gateway or proxy in front of it")
        .returns(Kind.SERVER, ProviderException::kind)
        .returns(true, ProviderException::retryable);
    status = 500;
    assertThat(asked()).hasMessageContaining("failed (status 500)");
  }

  @Test
  void aPathThatIsNotThereSaysHowTheBaseUrlEnds() {
    status = 404;
    assertThat(asked())
        .hasMessageContaining("mostly ends in /v1")
        .returns(Kind.INVALID_REQUEST, ProviderException::kind);
  }

  @Test
  void aRefusalWithoutWordsPointsAtTheAddressAndOneWithThemAtTheOptions() {
    status = 400;
    assertThat(asked()).hasMessageContaining("check the base URL's scheme and port");
    type = "application/json";
    body = "{\"error\": {\"type\": \"invalid_request_error\", \"message\": \"no\"}}";
    assertThat(asked()).hasMessageContaining("check the model's options");
  }

  @Test
  void aRefusedKeyIsToldFromNone() {
    status = 401;
    assertThat(asked())
        .hasMessageContaining("refused the API key; check the key")
        .returns(Kind.AUTH, ProviderException::kind);
    assertThat(asked("openai_compatible", Optional.empty()))
        .hasMessageContaining("refused a request without an API key; set one")
        .returns(Kind.AUTH, ProviderException::kind);
  }
}
