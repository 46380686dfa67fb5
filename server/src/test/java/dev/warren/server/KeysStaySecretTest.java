package dev.warren.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.warren.protocol.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// A provider that fails in every way and says the key in each of them: no log line, error, event,
/// API answer or metric repeats it.
final class KeysStaySecretTest {
  private static final String KEY = "sk-never-to-be-seen-4711";

  /// The middle, which is in no hint: the API shows the last four characters.
  private static final String TELLTALE = "never-to-be-seen";

  private static final Map<String, Optional<String>> KINDS =
      Map.of(
          "anthropic", Optional.empty(),
          "openai", Optional.empty(),
          "openai_compatible", Optional.empty(),
          "google", Optional.empty(),
          "vertex", Optional.of("{\"project\":\"p\"}"),
          "azure", Optional.of("{\"api\":\"chat\"}"),
          "bedrock", Optional.of("{\"region\":\"us-east-1\",\"access_key_id\":\"AKIDTEST\"}"));

  private static final List<String> FAULTS =
      List.of("401", "400", "429", "500", "302", "html", "event", "cut", "garbage", "json200");

  @TempDir Path folder;
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger("dev.warren");
  private final Level level = root.getLevel();
  private final Recorder recorder = new Recorder();
  private HttpServer provider;
  private ControlPlaneFixture warren;

  private final class Recorder extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      String cause =
          event.getThrowableProxy() == null
              ? ""
              : ThrowableProxyUtil.asString(event.getThrowableProxy());
      logged.add(event.getFormattedMessage() + " " + event.getKeyValuePairs() + " " + cause);
    }
  }

  @BeforeEach
  void start() throws Exception {
    recorder.start();
    root.addAppender(recorder);
    root.setLevel(Level.TRACE);
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    provider.createContext("/", KeysStaySecretTest::fail);
    provider.start();
    warren = ControlPlaneFixture.start(folder);
  }

  @AfterEach
  void stop() {
    warren.close();
    provider.stop(0);
    root.setLevel(level);
    root.detachAppender(recorder);
  }

  /// Fails as the first part of the path says, with all that it was sent in all that it answers.
  private static void fail(HttpExchange exchange) throws IOException {
    String fault = exchange.getRequestURI().getPath().split("/")[1];
    String told = "you sent " + exchange.getRequestHeaders().values() + KEY;
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("X-Request-Id", KEY);
    exchange.getResponseHeaders().add("Request-Id", KEY + " " + told.replaceAll("[\\r\\n]", ""));
    String type = "application/json";
    String body =
        Json.STRICT.writeValueAsString(
            Map.of(
                "message",
                told,
                "error",
                Map.of("type", told, "code", told, "message", told, "status", told)));
    int status = 200;
    switch (fault) {
      case "302" -> {
        status = 302;
        exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/" + KEY);
      }
      case "html" -> {
        type = "text/html";
        body = "<h1>" + told + "</h1>";
      }
      case "event" -> {
        type = "text/event-stream";
        body = "event: error\ndata: " + body + "\n\n";
      }
      case "cut" -> {
        type = "text/event-stream";
        body = "data: {\"choices\":[{\"delta\":{\"content\":\"half\"}}]}\n\n";
      }
      case "garbage" -> {
        type = "text/event-stream";
        body = "data: {" + told + "\n\n";
      }
      case "json200" -> status = 200;
      default -> status = Integer.parseInt(fault);
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String send(String method, String path, String body) throws Exception {
    String answer = warren.send(method, path, Optional.of(warren.admin()), body).body();
    seen.add(method + " " + path + " " + answer);
    return answer;
  }

  @Test
  void whateverFailsTheKeyIsNowhere() throws Exception {
    int failures = 0;
    for (var kind : KINDS.entrySet()) {
      for (String fault : FAULTS) {
        String id = provider(kind.getKey(), kind.getValue(), fault);
        JsonNode result =
            Json.STRICT.readTree(
                send("POST", "/admin/providers/" + id + "/test", "{\"model\":\"m\"}"));
        assertThat(result.get("ok").asBoolean()).as(kind.getKey() + " " + fault).isFalse();
        failures++;
      }
    }
    chat("401");
    chat("400");
    send("GET", "/admin/providers?limit=200", "");
    send("GET", "/audit?limit=200", "");
    send("GET", "/models", "");
    HttpRequest metrics = HttpRequest.newBuilder(warren.uri("/metrics")).build();
    seen.add(warren.client().send(metrics, BodyHandlers.ofString()).body());
    assertThat(failures).isEqualTo(KINDS.size() * FAULTS.size());
    assertThat(logged).isNotEmpty();
    assertThat(Stream.concat(seen.stream(), logged.stream()).filter(l -> l.contains(TELLTALE)))
        .isEmpty();
  }

  private String provider(String kind, Optional<String> options, String fault) throws Exception {
    String url = "http://127.0.0.1:" + provider.getAddress().getPort() + "/" + fault;
    String body =
        "{\"name\":\"%s %s\",\"kind\":\"%s\",\"base_url\":\"%s\",\"api_key\":\"%s\"%s}"
            .formatted(
                kind, fault, kind, url, KEY, options.map(o -> ",\"options\":" + o).orElse(""));
    return Json.STRICT.readTree(send("POST", "/admin/providers", body)).get("id").asString();
  }

  /// A chat that ends in an error, with its events.
  private void chat(String fault) throws Exception {
    String id = provider("openai_compatible", Optional.of("{}"), fault + "/chat");
    String model =
        Json.STRICT
            .readTree(
                send(
                    "POST",
                    "/admin/models",
                    "{\"provider_id\":\"%s\",\"name\":\"m %s\",\"context_limit\":1000}"
                        .formatted(id, fault)))
            .get("id")
            .asString();
    String chat =
        Json.STRICT
            .readTree(
                send(
                    "POST",
                    "/chats",
                    "{\"content\":[{\"type\":\"text\",\"text\":\"hi\"}],\"model_id\":\"%s\"}"
                        .formatted(model)))
            .get("id")
            .asString();
    HttpRequest events =
        HttpRequest.newBuilder(warren.uri("/api/v1/chats/" + chat + "/events"))
            .header("Authorization", "Bearer " + warren.admin())
            .build();
    try (Stream<String> lines = warren.client().send(events, BodyHandlers.ofLines()).body()) {
      lines.peek(seen::add).anyMatch(line -> line.contains("\"status\":\"error\""));
    }
    assertThat(send("GET", "/chats/" + chat, "")).contains("\"status\":\"error\"");
    send("GET", "/chats/" + chat + "/messages", "");
  }
}
