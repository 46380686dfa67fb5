package dev.warren.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.DataTable;
import dev.warren.llm.Message;
import dev.warren.llm.ModelRequest;
import dev.warren.llm.Opaque;
import dev.warren.llm.Part;
import dev.warren.llm.wire.Endpoint;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ChatQuirksTest {
  private static ChatQuirks of(String url, boolean official) {
    return ChatQuirks.of(Endpoint.of(URI.create(url)), official);
  }

  /// A conversation in which another provider's model called a tool.
  private static ObjectNode body(ChatQuirks quirks) {
    Part.ToolCall call =
        new Part.ToolCall(
            new UUID(7, 0xabcdef012345L),
            "ls",
            JsonNodeFactory.instance.objectNode(),
            "{}",
            false,
            Optional.of(
                new Opaque("anthropic", JsonNodeFactory.instance.objectNode().put("id", "t_1"))));
    Part result =
        new Part.ToolResult(
            call.id(), "ls", JsonNodeFactory.instance.objectNode(), false, Optional.empty());
    ModelRequest request =
        new ModelRequest(
            "m",
            "",
            List.of(),
            List.of(
                new Message(Message.Role.USER, List.of(Part.Text.of("hi"))),
                new Message(Message.Role.ASSISTANT, List.of(call)),
                new Message(Message.Role.TOOL, List.of(result))),
            Optional.of(100),
            JsonNodeFactory.instance.objectNode(),
            "chat");
    return new OpenAiChatRequest(request, "openai_chat@x", quirks).body();
  }

  @Test
  void everyRowHasASource() {
    DataTable.lines(
        "quirks.tsv", columns -> assertThat(columns).hasSize(8).noneMatch(String::isBlank));
  }

  @Test
  void mistralTakesShortIdsAndNoWishForUsage() {
    ObjectNode body = body(of("https://api.mistral.ai/v1", false));
    assertThat(body.has("stream_options")).isFalse();
    assertThat(body.path("max_tokens").asInt()).isEqualTo(100);
    assertThat(body.path("messages").path(1).path("tool_calls").path(0).path("id").asString())
        .matches("[a-zA-Z0-9]{9}");
  }

  @Test
  void deepSeekWantsReasoningBesideCalls() {
    ObjectNode body = body(of("https://api.deepseek.com", false));
    assertThat(body.path("messages").path(1).path("reasoning_content").asString("none")).isEmpty();
    ObjectNode other = body(of("http://127.0.0.1:11434/v1", false));
    assertThat(other.path("messages").path(1).has("reasoning_content")).isFalse();
  }

  @Test
  void openAisOwnHostsTakeTheNewerLimit() {
    assertThat(of("https://api.openai.com/v1", false).maxTokensMember())
        .isEqualTo("max_completion_tokens");
    assertThat(of("https://team.openai.azure.com", false).promptCacheKey()).isTrue();
    assertThat(of("http://127.0.0.1:1/v1", true).maxTokensMember())
        .isEqualTo("max_completion_tokens");
    assertThat(of("http://127.0.0.1:1/v1", false).maxTokensMember()).isEqualTo("max_tokens");
  }
}
