package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.llm.anthropic.AnthropicRequest;
import dev.warren.llm.openai.ChatQuirks;
import dev.warren.llm.openai.OpenAiChatRequest;
import dev.warren.llm.wire.Endpoint;
import dev.warren.llm.wire.WireJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class RequestTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static ObjectNode json(String text) {
    return (ObjectNode) WireJson.MAPPER.readTree(text);
  }

  private static Part.ToolCall call(long id, String name, String raw, Optional<Opaque> opaque) {
    return new Part.ToolCall(
        new UUID(0x7000, id), name, WireJson.arguments(raw), raw, false, opaque);
  }

  private static Part.ToolResult result(Part.ToolCall call, String output, boolean error) {
    return new Part.ToolResult(call.id(), call.name(), json(output), error, Optional.empty());
  }

  private static ModelRequest request(List<Message> messages, String options) {
    return new ModelRequest(
        "claude-x",
        "Be kind.",
        List.of(
            new ToolSpec("ls", "Lists.", json("{\"type\":\"object\",\"properties\":{}}")),
            new ToolSpec("cat", "Reads.", json("{\"type\":\"object\"}"))),
        messages,
        Optional.of(1000),
        json(options),
        "chat-7");
  }

  private static List<Message> conversation(String kind) {
    Opaque id = new Opaque(kind, NODES.objectNode().put("id", "call_1"));
    Part.ToolCall first = call(1, "ls", "{\"a\" : 1.0}", Optional.of(id));
    // The provider repeats an id, and writes no JSON.
    Part.ToolCall second = call(2, "cat", "{\"a\":", Optional.of(id));
    Opaque thought =
        kind.equals("anthropic")
            ? new Opaque(kind, NODES.objectNode().put("signature", "sig"))
            : new Opaque(kind, NODES.objectNode().put("member", "reasoning_content"));
    return List.of(
        new Message(Message.Role.USER, List.of(Part.Text.of("list"))),
        new Message(
            Message.Role.ASSISTANT,
            List.of(
                new Part.Reasoning("hm", Optional.of(thought)),
                new Part.Reasoning(
                    "of another", Optional.of(new Opaque("other", NODES.objectNode()))),
                Part.Text.of("I look."),
                Part.Text.of("  "),
                first,
                second)),
        new Message(
            Message.Role.TOOL,
            List.of(
                result(first, "{\"files\":[]}", false),
                result(second, "{\"error\":\"no\"}", true))),
        new Message(Message.Role.USER, List.of(Part.Text.of("and?"), Part.Text.of("now"))));
  }

  @Test
  void theAnthropicBodyIsAsTheApiWantsIt() {
    ModelRequest request =
        request(conversation("anthropic"), "{\"temperature\":0.5,\"stream\":false}");
    JsonNode body = WireJson.MAPPER.readTree(new AnthropicRequest(request).body().toString());
    assertThat(body)
        .isEqualTo(
            json(
                """
                {"model":"claude-x","max_tokens":1000,"stream":true,"temperature":0.5,
                 "system":[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}}],
                 "tools":[
                  {"name":"ls","description":"Lists.","input_schema":{"type":"object","properties":{}}},
                  {"name":"cat","description":"Reads.","input_schema":{"type":"object"},
                   "cache_control":{"type":"ephemeral"}}],
                 "messages":[
                  {"role":"user","content":[
                   {"type":"text","text":"list","cache_control":{"type":"ephemeral"}}]},
                  {"role":"assistant","content":[
                   {"type":"thinking","thinking":"hm","signature":"sig"},
                   {"type":"text","text":"I look."},
                   {"type":"tool_use","id":"call_1","name":"ls","input":{"a":1.0}},
                   {"type":"tool_use","id":"00000000000070000000000000000002","name":"cat",
                    "input":{"unparsed_arguments":"{\\"a\\":"}}]},
                  {"role":"user","content":[
                   {"type":"tool_result","tool_use_id":"call_1","content":"{\\"files\\":[]}"},
                   {"type":"tool_result","tool_use_id":"00000000000070000000000000000002",
                    "content":"{\\"error\\":\\"no\\"}","is_error":true},
                   {"type":"text","text":"and?"},
                   {"type":"text","text":"now","cache_control":{"type":"ephemeral"}}]}]}
                """));
  }

  @Test
  void theChatBodyIsAsTheApiWantsIt() {
    ModelRequest request =
        request(
            conversation("openai_chat"),
            "{\"stream_options\":null,\"tools\":[{\"type\":\"custom\"}]}");
    ChatQuirks quirks = ChatQuirks.of(Replay.ENDPOINT, true);
    assertThat(new OpenAiChatRequest(request, "openai_chat", quirks).body())
        .isEqualTo(
            json(
                """
                {"model":"claude-x","stream":true,"max_completion_tokens":1000,
                 "prompt_cache_key":"chat-7",
                 "tools":[
                  {"type":"function","function":{"name":"ls","description":"Lists.",
                   "parameters":{"type":"object","properties":{}}}},
                  {"type":"function","function":{"name":"cat","description":"Reads.",
                   "parameters":{"type":"object"}}},
                  {"type":"custom"}],
                 "messages":[
                  {"role":"system","content":"Be kind."},
                  {"role":"user","content":"list"},
                  {"role":"assistant","content":"I look.  ","reasoning_content":"hm","tool_calls":[
                   {"id":"call_1","type":"function",
                    "function":{"name":"ls","arguments":"{\\"a\\" : 1.0}"}},
                   {"id":"00000000000070000000000000000002","type":"function",
                    "function":{"name":"cat",
                     "arguments":"{\\"unparsed_arguments\\":\\"{\\\\\\"a\\\\\\":\\"}"}}]},
                  {"role":"tool","tool_call_id":"call_1","content":"{\\"files\\":[]}"},
                  {"role":"tool","tool_call_id":"00000000000070000000000000000002",
                   "content":"{\\"error\\":\\"no\\"}"},
                  {"role":"user","content":"and?\\n\\nnow"}]}
                """));
  }

  @Test
  void whatAnotherProviderMadeStaysAtHome() {
    String body =
        new AnthropicRequest(request(conversation("openai_chat"), "{}")).body().toString();
    assertThat(body).doesNotContain("hm").doesNotContain("call_1").contains("I look.");
  }

  @Test
  void aCallWithoutResultIsNotSent() {
    Part.ToolCall open = call(9, "ls", "{}", Optional.empty());
    List<Message> messages =
        List.of(
            new Message(Message.Role.USER, List.of(Part.Text.of("list"))),
            new Message(Message.Role.ASSISTANT, List.of(open)));
    assertThatThrownBy(() -> new AnthropicRequest(request(messages, "{}")))
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining(open.id().toString());
  }

  @Test
  void thinkingFitsBelowTheLimit() {
    List<Message> messages =
        List.of(new Message(Message.Role.USER, List.of(Part.Text.of("think"))));
    ObjectNode body =
        new AnthropicRequest(
                request(messages, "{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4000}}"))
            .body();
    assertThat(body.path("max_tokens").intValue()).isEqualTo(5000);
  }

  @Test
  void mistralGetsIdsOfNineCharacters() {
    ChatQuirks quirks =
        ChatQuirks.of(new Endpoint(java.net.URI.create("https://api.mistral.ai/v1")), false);
    ObjectNode body =
        new OpenAiChatRequest(request(conversation("openai_chat"), "{}"), "openai_chat", quirks)
            .body();
    assertThat(body.toString()).contains("\"tool_call_id\":\"000000001\"");
    assertThat(body.has("stream_options")).isFalse();
  }

  /// The cache of a provider hits only when the next request begins with this one. Whatever a chat
  /// does next, its request has this one as its beginning, up to the end of the last message, once
  /// the breakpoints, which move along, are taken out.
  @ParameterizedTest
  @ValueSource(strings = {"anthropic", "openai_chat"})
  void aChatsNextRequestBeginsWithItsLast(String kind) {
    for (int seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      List<Message> messages = new ArrayList<>();
      String before = "";
      int turns = 1 + random.nextInt(6);
      long ids = 0;
      for (int turn = 0; turn < turns; turn++) {
        messages.add(new Message(Message.Role.USER, List.of(Part.Text.of("turn " + turn))));
        int rounds = random.nextInt(3);
        for (int round = 0; round <= rounds; round++) {
          String body = body(kind, messages);
          assertThat(body).as("seed %d", seed).startsWith(before);
          before = body.substring(0, body.length() - "]}".length());
          List<Part> parts = new ArrayList<>();
          if (random.nextBoolean()) {
            ObjectNode data = NODES.objectNode().put("signature", "s").put("member", "reasoning");
            parts.add(new Part.Reasoning("why", Optional.of(new Opaque(kind, data))));
          }
          parts.add(Part.Text.of("text " + random.nextInt()));
          List<Part> results = new ArrayList<>();
          if (round < rounds) {
            for (int i = 0; i <= random.nextInt(3); i++) {
              Optional<Opaque> opaque =
                  random.nextBoolean()
                      ? Optional.of(
                          new Opaque(kind, NODES.objectNode().put("id", "c" + random.nextInt(4))))
                      : Optional.empty();
              Part.ToolCall call =
                  call(++ids, "ls", random.nextBoolean() ? "" : "{ \"b\": 1, \"a\": 2.50}", opaque);
              parts.add(call);
              results.add(result(call, "{\"ok\":true}", random.nextBoolean()));
            }
          }
          messages.add(new Message(Message.Role.ASSISTANT, parts));
          if (!results.isEmpty()) {
            messages.add(new Message(Message.Role.TOOL, results));
          }
        }
      }
    }
  }

  private static String body(String kind, List<Message> messages) {
    ModelRequest request = request(messages, "{\"temperature\":1}");
    ObjectNode body =
        kind.equals("anthropic")
            ? new AnthropicRequest(request).body()
            : new OpenAiChatRequest(request, "openai_chat", ChatQuirks.of(Replay.ENDPOINT, false))
                .body();
    return body.toString().replace(",\"cache_control\":{\"type\":\"ephemeral\"}", "");
  }
}
