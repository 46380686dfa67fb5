package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.scripted.RecordedRequest;
import dev.warren.scripted.Script;
import dev.warren.scripted.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A chat that goes from provider to provider keeps its history; what only one provider understands
/// goes back to that one unchanged, which the server checks, and to no other.
class ProviderChangeTest {
  private static final String SCRIPT =
      """
      {"rules": [{"turns": [
        [{"reasoning": "thought about {{last_user}}"}, {"text": "Looking for {{last_user}}."},
         {"call": {"name": "look", "input": {"at": "{{last_user}}", "n": 1}}},
         {"call": {"name": "look", "input": {"at": "{{last_user}}", "n": 2}}}],
        [{"reasoning": "enough"}, {"text": "Found {{last_user}}."},
         {"usage": {"input_tokens": 1000, "output_tokens": 10, "cache_read_tokens": 900,
                    "cache_write_tokens": 50}}]]}]}
      """;

  private final List<Message> history = new ArrayList<>();
  private ScriptedModel model;

  @BeforeEach
  void start() {
    model = new ScriptedModel(Script.parse(SCRIPT));
    model.start();
  }

  @AfterEach
  void stop() {
    model.close();
  }

  /// One turn: a question, two calls with their results, the answer.
  private Completion turn(Dialect dialect, String question) throws InterruptedException {
    try (Provider provider =
        Providers.create(
            dialect.settings(
                model.anthropicUrl(), "sk-change-0123456789", Duration.ofSeconds(20)))) {
      history.add(new Message(Message.Role.USER, List.of(Part.Text.of(question))));
      Completion first = provider.stream(request(dialect), e -> {});
      assertThat(first.stopReason()).isEqualTo(Completion.StopReason.TOOL_USE);
      history.add(new Message(Message.Role.ASSISTANT, first.parts()));
      List<Part> results = new ArrayList<>();
      for (Part part : first.parts()) {
        if (part instanceof Part.ToolCall call) {
          ObjectNode output = JsonNodeFactory.instance.objectNode();
          output.put("seen", call.input().path("at").asString() + call.input().path("n"));
          results.add(new Part.ToolResult(call.id(), "look", output, false, Optional.empty()));
        }
      }
      assertThat(results).hasSize(2);
      history.add(new Message(Message.Role.TOOL, results));
      Completion second = provider.stream(request(dialect), e -> {});
      history.add(new Message(Message.Role.ASSISTANT, second.parts()));
      return second;
    }
  }

  private ModelRequest request(Dialect dialect) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    return new ModelRequest(
        dialect.model(),
        "You are careful.",
        List.of(new ToolSpec("look", "Looks.", schema)),
        history,
        Optional.of(500),
        JsonNodeFactory.instance.objectNode(),
        "chat-1");
  }

  private String newestRequest() {
    return model.requests().getLast().body().toString();
  }

  @Test
  void aChatThatChangesItsProviderAtEachTurnKeepsItsHistory() throws Exception {
    List<Dialect> order = new ArrayList<>(List.of(Dialect.values()));
    order.addAll(List.of(Dialect.values()).reversed());
    for (int i = 0; i < order.size(); i++) {
      Completion answer = turn(order.get(i), "thing" + i);
      assertThat(answer.parts()).contains(Part.Text.of("Found thing" + i + "."));
      String sent = newestRequest();
      for (int earlier = 0; earlier <= i; earlier++) {
        assertThat(sent)
            .as("%s after %s", order.get(i), order.subList(0, i))
            .contains("Looking for thing" + earlier + ".", "thing" + earlier + "2");
      }
    }
    assertThat(model.requests()).extracting(RecordedRequest::status).containsOnly(200);
  }

  @Test
  void reasoningGoesBackToItsOwnProviderOnly() throws Exception {
    turn(Dialect.ANTHROPIC, "first");
    turn(Dialect.OPENAI, "second");
    assertThat(newestRequest())
        .contains("thought about second", "encrypted_content")
        .doesNotContain("thought about first");
    turn(Dialect.ANTHROPIC, "third");
    assertThat(newestRequest())
        .contains("thought about first", "thought about third", "signature")
        .doesNotContain("thought about second", "encrypted_content");
  }

  /// Between Anthropic, Bedrock's own form of it, Vertex and Foundry signatures hold.
  @Test
  void anthropicsReasoningGoesAlongBetweenItsHosts() throws Exception {
    turn(Dialect.ANTHROPIC, "first");
    turn(Dialect.VERTEX_CLAUDE, "second");
    turn(Dialect.BEDROCK_MESSAGES, "third");
    turn(Dialect.FOUNDRY_CLAUDE, "fourth");
    assertThat(newestRequest())
        .contains("thought about first", "thought about second", "thought about third");
  }

  @ParameterizedTest
  @EnumSource
  void whatTheCacheGaveIsCounted(Dialect dialect) throws Exception {
    Usage usage = turn(dialect, "cached").usage();
    assertThat(usage.inputTokens()).isEqualTo(1000);
    assertThat(usage.cacheReadTokens()).isEqualTo(900);
  }

  /// What providers read from their caches is a request's beginning.
  @ParameterizedTest
  @EnumSource
  void theNextRequestBeginsAsTheOneBefore(Dialect dialect) throws Exception {
    turn(dialect, "one");
    String before = conversation();
    turn(dialect, "two");
    assertThat(conversation()).startsWith(before);
  }

  /// The newest request up to its last message, without what marks the cache's breakpoints.
  private String conversation() {
    String text =
        newestRequest()
            .replaceAll(",\\{\"cachePoint\":\\{\"type\":\"default\"}}", "")
            .replaceAll(",\"cache_control\":\\{\"type\":\"ephemeral\"}", "");
    return text.substring(0, text.lastIndexOf(']')).replaceAll("]}*$", "");
  }
}
