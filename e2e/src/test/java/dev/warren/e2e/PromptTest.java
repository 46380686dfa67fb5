package dev.warren.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingType;
import dev.warren.e2e.kit.ApiClient;
import dev.warren.e2e.kit.Scripts;
import dev.warren.e2e.kit.WarrenProcess;
import dev.warren.scripted.RecordedRequest;
import dev.warren.scripted.Script;
import dev.warren.scripted.ScriptedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What goes to the provider, on the wire: each request of a chat begins with the one before it,
/// over a crash, a restart, sub-agents and instructions that come and change in the middle; and
/// what we say before the user does is short.
final class PromptTest {
  /// Tokens of the system prompt and all tools.
  private static final int ROOT_TOKENS_MAX = 6_000;

  /// The same of a sub-agent.
  private static final int SUB_AGENT_TOKENS_MAX = 4_000;

  private static final Logger log = LoggerFactory.getLogger(PromptTest.class);

  @TempDir private Path folder;

  private static Script script() {
    Scripts.Step look = Scripts.call("execute", Map.of("command", "ls -a ~"));
    return Scripts.script(
        Scripts.rule("hello", Scripts.round(Scripts.text("Hello."))),
        Scripts.rule(
            "write (\\w+)",
            Scripts.round(
                Scripts.call(
                    "write_file", Map.of("path", "~/AGENTS.md", "content", "Use {{match.1}}."))),
            Scripts.round(Scripts.text("Written."))),
        Scripts.rule(
            "look",
            Scripts.round(Scripts.text("I look twice."), look, look),
            Scripts.round(Scripts.text("Seen."))),
        Scripts.rule(
            "delegate",
            Scripts.round(Scripts.call("spawn_agent", Map.of("prompt", "count the files"))),
            Scripts.round(
                Scripts.call(
                    "wait_agent", Map.of("chat_id", "{{tool_result.spawn_agent.chat_id}}"))),
            Scripts.round(Scripts.text("It says {{tool_result.wait_agent.answer}}"))),
        Scripts.rule("count", Scripts.round(look), Scripts.round(Scripts.text("One file."))));
  }

  @Test
  void aRequestBeginsWithTheOneBeforeAndOurOwnPartOfItIsShort() {
    try (ScriptedModel model = new ScriptedModel(script())) {
      model.start();
      try (WarrenProcess warren = new WarrenProcess(folder, Map.of())) {
        ApiClient api = warren.signIn();
        String anthropic = api.addModel("anthropic", model.anthropicUrl(), "key", "scripted");
        String openAi = api.addModel("openai_compatible", model.openAiUrl(), "key", "scripted");
        String workspace = api.createLocalWorkspace("prompts");
        for (String modelId : List.of(anthropic, openAi)) {
          int before = model.requests().size();
          talk(warren, modelId, workspace);
          List<RecordedRequest> requests = model.requests();
          check(requests.subList(before, requests.size()));
        }
        weigh(model.requests());
      }
    }
  }

  private static void talk(WarrenProcess warren, String modelId, String workspace) {
    ApiClient api = warren.signIn();
    String chat =
        api.post("/chats", Map.of("content", ApiClient.text("hello"), "model_id", modelId))
            .path("id")
            .asString();
    api.awaitIdle(chat);
    api.patch("/chats/" + chat, Map.of("workspace_id", workspace));
    for (String prompt : List.of("write tabs", "look", "delegate")) {
      say(api, chat, prompt);
    }
    JsonNode told = api.get("/chats/" + chat + "/instructions");
    assertThat(told.path("files").get(0).path("path").asString()).endsWith("/AGENTS.md");
    assertThat(api.parts(chat, "text").getLast().path("text").asString())
        .isEqualTo("It says One file.");
    JsonNode child = api.get("/chats?parent_id=" + chat).path("items").get(0);
    assertThat(child.path("status").asString()).isEqualTo("waiting");
    assertThat(api.get("/chats").path("items").valueStream())
        .noneMatch(item -> item.path("id").equals(child.path("id")));

    warren.kill();
    warren.start();
    ApiClient again = warren.signIn();
    for (String prompt : List.of("write spaces", "look", "hello")) {
      say(again, chat, prompt);
    }
  }

  private static void say(ApiClient api, String chat, String prompt) {
    api.sendMessage(chat, prompt);
    assertThat(api.awaitIdle(chat).path("status").asString()).as(prompt).isEqualTo("waiting");
  }

  private static void check(List<RecordedRequest> requests) {
    List<List<RecordedRequest>> chats =
        List.of(
            requests.stream().filter(request -> !isSubAgents(request)).toList(),
            requests.stream().filter(PromptTest::isSubAgents).toList());
    assertThat(chats.get(0)).hasSizeGreaterThanOrEqualTo(11);
    assertThat(chats.get(1)).hasSize(2);
    for (List<RecordedRequest> chat : chats) {
      for (int i = 1; i < chat.size(); i++) {
        JsonNode before = chat.get(i - 1).body();
        JsonNode after = chat.get(i).body();
        assertThat(after.path("system")).isEqualTo(before.path("system"));
        assertThat(after.path("tools").toString()).isEqualTo(before.path("tools").toString());
        assertThat(blocks(after)).startsWith(blocks(before).toArray(String[]::new));
      }
    }
    String last = chats.get(0).getLast().body().toString();
    assertThat(last).contains("Use tabs.").contains("Use spaces.");
  }

  private static boolean isSubAgents(RecordedRequest request) {
    return fixed(request).contains("You are a sub-agent");
  }

  /// What the provider caches one after the other: blocks of messages, without the marks that say
  /// how far.
  private static List<String> blocks(JsonNode body) {
    List<String> blocks = new ArrayList<>();
    for (JsonNode message : body.path("messages")) {
      if (!message.path("content").isArray()) {
        blocks.add(message.toString());
        continue;
      }
      for (JsonNode block : message.path("content")) {
        ObjectNode plain = ((ObjectNode) block).deepCopy();
        plain.remove("cache_control");
        blocks.add(message.path("role").asString() + " " + plain);
      }
    }
    return blocks;
  }

  /// The system prompt and the tools.
  private static String fixed(RecordedRequest request) {
    JsonNode body = request.body();
    JsonNode system =
        body.has("system") ? body.get("system") : body.path("messages").path(0).path("content");
    return system + body.path("tools").toString();
  }

  private static void weigh(List<RecordedRequest> requests) {
    var encoding = Encodings.newDefaultEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    int root = 0;
    int subAgent = 0;
    for (RecordedRequest request : requests) {
      int tokens = encoding.countTokensOrdinary(fixed(request));
      if (isSubAgents(request)) {
        subAgent = Math.max(subAgent, tokens);
      } else {
        root = Math.max(root, tokens);
      }
    }
    log.info("system prompt and tools: {} tokens, a sub-agent's {}", root, subAgent);
    assertThat(root).as("tokens of prompt and tools").isLessThanOrEqualTo(ROOT_TOKENS_MAX);
    assertThat(subAgent).as("a sub-agent's").isLessThanOrEqualTo(SUB_AGENT_TOKENS_MAX);
  }
}
