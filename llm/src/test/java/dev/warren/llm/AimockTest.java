package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Whole chats with a mock of other people's making (npm `@copilotkit/aimock`), which reads our
/// requests and writes its answers as it understands the providers, not as we do. Foundry's and
/// Vertex's ways to Anthropic's models lead to its own path for them, since it lacks theirs. One
/// way is missing: on Bedrock it does not wrap the events of Anthropic's format.
class AimockTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private static final String FIXTURES =
      """
      {"fixtures": [
        {"match": {"userMessage": "weather", "hasToolResult": false},
         "response": {"content": "I look both up.", "reasoning": "two cities, two calls",
           "toolCalls": [
             {"name": "get_weather", "arguments": "{\\"city\\":\\"Oslo\\"}"},
             {"name": "get_weather", "arguments": "{\\"city\\":\\"Rome\\"}"}]}},
        {"match": {"userMessage": "weather", "hasToolResult": true},
         "response": {"content": "Oslo is cold, Rome is warm. 🎉"}}]}
      """;

  private static Process mock;
  private static String url;
  private static ClaudeDetour detour;

  @BeforeAll
  static void start() throws Exception {
    String main = "@copilotkit/aimock/dist/cli.js";
    Path folder = NpmPackages.folder("aimock", main, "@copilotkit/aimock@1.43.0");
    Path program = folder.resolve("node_modules").resolve(main);
    Path fixtures = Files.writeString(folder.resolve("chat.json"), FIXTURES);
    mock =
        new ProcessBuilder("node", program.toString(), "-p", "0", "-f", fixtures.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader lines = mock.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null && url == null; line = lines.readLine()) {
      int at = line.indexOf("http://127.0.0.1:");
      if (at >= 0) {
        url = line.substring(at).strip();
        break;
      }
    }
    assertThat(url).as("the mock's address").isNotNull();
    detour = new ClaudeDetour(url);
    detour.start();
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (detour != null) {
      detour.close();
    }
    if (mock != null) {
      mock.destroy();
      mock.waitFor(10, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"BEDROCK_MESSAGES"})
  void aWholeChatWithTwoParallelCallsWorks(Dialect dialect) throws Exception {
    try (Provider provider =
        Providers.create(
            dialect.settings(root(dialect), "sk-aimock-0123456789", Duration.ofSeconds(20)))) {
      Message question =
          new Message(Message.Role.USER, List.of(Part.Text.of("weather, " + dialect)));
      Completion first = provider.stream(request(dialect, question), e -> {});
      assertThat(first.stopReason()).isEqualTo(Completion.StopReason.TOOL_USE);
      List<Part.ToolCall> calls =
          first.parts().stream()
              .filter(Part.ToolCall.class::isInstance)
              .map(Part.ToolCall.class::cast)
              .toList();
      assertThat(calls)
          .extracting(Part.ToolCall::name)
          .containsExactly("get_weather", "get_weather");
      assertThat(calls)
          .extracting(call -> call.input().path("city").asString())
          .containsExactly("Oslo", "Rome");
      assertThat(text(first)).isEqualTo("I look both up.");
      List<Part> results = new ArrayList<>();
      for (Part.ToolCall call : calls) {
        ObjectNode output = JsonNodeFactory.instance.objectNode();
        output.put("sky", "of " + call.input().path("city").asString());
        results.add(new Part.ToolResult(call.id(), call.name(), output, false, Optional.empty()));
      }
      Completion second =
          provider.stream(
              request(
                  dialect,
                  question,
                  new Message(Message.Role.ASSISTANT, first.parts()),
                  new Message(Message.Role.TOOL, results)),
              e -> {});
      assertThat(second.stopReason()).isEqualTo(Completion.StopReason.STOP);
      assertThat(text(second)).isEqualTo("Oslo is cold, Rome is warm. 🎉");
    }
    checkJournal("weather, " + dialect);
  }

  private static String root(Dialect dialect) {
    return switch (dialect) {
      case FOUNDRY_CLAUDE, VERTEX_CLAUDE -> detour.url();
      default -> url;
    };
  }

  private static String text(Completion completion) {
    StringBuilder text = new StringBuilder();
    completion.parts().forEach(p -> text.append(p instanceof Part.Text t ? t.text() : ""));
    return text.toString();
  }

  private static ModelRequest request(Dialect dialect, Message... messages) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.putObject("properties").putObject("city").put("type", "string");
    return new ModelRequest(
        dialect == Dialect.BEDROCK ? "meta.llama-scripted" : dialect.model(),
        "You are careful.",
        List.of(new ToolSpec("get_weather", "Tells the weather.", schema)),
        List.of(messages),
        Optional.of(500),
        JsonNodeFactory.instance.objectNode(),
        "chat-1");
  }

  /// What the mock understood of the second request: question, two calls, two results that belong
  /// to them, in their order.
  private static void checkJournal(String question) {
    JsonNode last = MAPPER.nullNode();
    for (JsonNode entry : get(url + "/__aimock/journal")) {
      if (entry.path("body").toString().contains(question)) {
        last = entry.path("body").path("messages");
      }
    }
    List<String> roles = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    List<String> answered = new ArrayList<>();
    for (JsonNode message : last) {
      roles.add(message.path("role").asString(""));
      message.path("tool_calls").forEach(call -> asked.add(call.path("id").asString("")));
      if (message.path("role").asString("").equals("tool")) {
        answered.add(message.path("tool_call_id").asString(""));
        assertThat(message.path("content").toString()).contains("sky");
      }
    }
    assertThat(roles).contains("user", "assistant", "tool").endsWith("tool", "tool");
    assertThat(asked).hasSize(2).doesNotHaveDuplicates();
    assertThat(answered).isEqualTo(asked);
  }

  private static JsonNode get(String address) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20)).build();
      return MAPPER.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
