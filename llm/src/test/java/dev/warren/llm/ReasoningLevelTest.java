package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.openai.ChatQuirks;
import dev.warren.llm.wire.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// How each format asks for a level of reasoning, by its provider's reference.
class ReasoningLevelTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          anthropic | claude-opus-5-5 | high | {"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}
          anthropic | claude-opus-5 | off | {"thinking":{"type":"disabled"}}
          anthropic | claude-sonnet-4-5 | low | {"thinking":{"type":"enabled","budget_tokens":4096}}
          openai-responses | gpt-5.2 | xhigh | {"reasoning":{"effort":"xhigh"}}
          openai-responses | gpt-5.2 | off | {"reasoning":{"effort":"none"}}
          openai-chat | gpt-oss | low | {"reasoning_effort":"low"}
          gemini | gemini-3.5-flash | minimal | {"generationConfig":{"thinkingConfig":{"thinkingLevel":"minimal"}}}
          gemini | gemini-2.5-flash | off | {"generationConfig":{"thinkingConfig":{"thinkingBudget":0}}}
          bedrock | eu.anthropic.claude-opus-5 | max | {"additionalModelRequestFields":{"thinking":{"type":"adaptive"},"output_config":{"effort":"max"}}}
          bedrock | openai.gpt-oss-120b | low | {"additionalModelRequestFields":{"reasoning_effort":"low"}}
          """)
  void eachFormatHasItsWordsForALevel(String group, String model, String level, String expected) {
    assertThat(Replay.format(group).reasoning(model, ReasoningLevel.of(level).orElseThrow()))
        .hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "https://openrouter.ai/api/v1, high, '{\"reasoning\":{\"effort\":\"high\"}}'",
    "https://api.deepseek.com, high,"
        + " '{\"thinking\":{\"type\":\"enabled\"},\"reasoning_effort\":\"high\"}'",
    "https://api.z.ai/api/paas/v4, off, '{\"thinking\":{\"type\":\"disabled\"}}'",
    "http://127.0.0.1:8000/v1, off, '{\"reasoning_effort\":\"none\"}'",
  })
  void compatibleServersAreAskedInTheirForm(String url, String level, String expected) {
    assertThat(
            ChatQuirks.of(new Endpoint(URI.create(url)), false)
                .reasoning()
                .of(ReasoningLevel.of(level).orElseThrow()))
        .hasToString(expected);
  }

  /// With a budget the answer's limit lies above it.
  @Test
  void theOptionsOfALevelMakeARequestThatHolds() {
    ObjectNode options =
        Replay.format("anthropic").reasoning("claude-sonnet-4-5", ReasoningLevel.HIGH);
    ModelRequest request =
        new ModelRequest(
            "claude-sonnet-4-5",
            "",
            List.of(),
            List.of(new Message(Message.Role.USER, List.of(Part.Text.of("hi")))),
            Optional.of(5_000),
            options,
            "");
    ObjectNode body = Replay.format("anthropic").body(request);
    assertThat(body.path("thinking").path("budget_tokens").asInt()).isEqualTo(24_576);
    assertThat(body.path("max_tokens").asInt()).isEqualTo(29_576);
  }

  @Test
  void aProviderSaysWhatAsksForEachLevelOfAModelThatIsKnown() {
    assertThat(Providers.reasoning(settings("openai"), "gpt-5.1").toString())
        .isEqualTo(
            "{off={\"reasoning\":{\"effort\":\"none\"}}, low={\"reasoning\":{\"effort\":\"low\"}},"
                + " medium={\"reasoning\":{\"effort\":\"medium\"}},"
                + " high={\"reasoning\":{\"effort\":\"high\"}}}");
    assertThat(Providers.reasoning(settings("openai"), "no-such-model")).isEmpty();
  }

  private static ProviderSettings settings(String kind) {
    return new ProviderSettings(
        kind, Optional.empty(), Optional.empty(), Map.of(), Duration.ofSeconds(1));
  }

  @Test
  void theCatalogueKnowsTheLevelsOfModels() {
    assertThat(levels("anthropic", "claude-opus-5-5"))
        .containsExactly(
            ReasoningLevel.LOW,
            ReasoningLevel.MEDIUM,
            ReasoningLevel.HIGH,
            ReasoningLevel.XHIGH,
            ReasoningLevel.MAX);
    assertThat(levels("openai", "gpt-5.1"))
        .containsExactly(
            ReasoningLevel.OFF, ReasoningLevel.LOW, ReasoningLevel.MEDIUM, ReasoningLevel.HIGH);
    assertThat(levels("openai", "gpt-4.1")).isEmpty();
    assertThat(levels("google", "gemini-2.5-pro")).doesNotContain(ReasoningLevel.OFF).hasSize(3);
  }

  private static List<ReasoningLevel> levels(String kind, String model) {
    return KnownModels.find(kind, Optional.empty(), model).orElseThrow().reasoningLevels();
  }
}
