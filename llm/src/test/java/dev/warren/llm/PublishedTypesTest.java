package dev.warren.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.scripted.RecordedRequest;
import dev.warren.scripted.Script;
import dev.warren.scripted.ScriptedModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The requests of a whole chat against what the providers publish of theirs: the types of their
/// own npm packages, by the TypeScript compiler, which refuses unknown members, missing ones, and
/// words that are none of a list.
class PublishedTypesTest {
  private static final String[] PACKAGES = {
    "@anthropic-ai/sdk@1.10.0",
    "openai@7.57.0",
    "@google/genai@3.1.0",
    "@aws-sdk/client-bedrock-runtime@3.1162.0",
    "typescript@5.9.3"
  };

  /// `Wire` makes of a client's types those of its JSON: bytes are Base64, enums their words.
  private static final String WIRE =
      """
      type Wire<T> = T extends Uint8Array ? string
        : T extends string ? `${T}`
        : T extends (infer E)[] ? Wire<E>[]
        : T extends object ? {[K in keyof T]: Wire<T[K]>}
        : T;
      """;

  private static final String SCRIPT =
      """
      {"rules": [{"turns": [
        [REASONING{"text": "I look."},
         {"call": {"name": "read_file", "input": {"path": "a.txt"}}},
         {"call": {"name": "ls", "input": {}}}],
        [{"text": "done"}]]}]}
      """;

  private static final int COMPILER_S_MAX = 120;

  private static String type(Dialect dialect) {
    return switch (dialect) {
      case ANTHROPIC ->
          """
          import type {MessageCreateParamsStreaming} from '@anthropic-ai/sdk/resources/messages';
          type Request = MessageCreateParamsStreaming;
          """;
      case OPENAI ->
          """
          import type {ResponseCreateParamsStreaming} from 'openai/resources/responses/responses';
          type Request = ResponseCreateParamsStreaming;
          """;
      case OPENAI_CHAT ->
          """
          import type {ChatCompletionCreateParamsStreaming} from 'openai/resources/chat/completions';
          type Request = ChatCompletionCreateParamsStreaming;
          """;
      case GOOGLE ->
          """
          import type {Content, GenerationConfig, Tool, ToolConfig} from '@google/genai';
          type Request = Wire<{
            contents: Content[];
            systemInstruction?: Content;
            tools?: Tool[];
            toolConfig?: ToolConfig;
            generationConfig?: GenerationConfig;
          }>;
          """;
      case BEDROCK ->
          """
          import type {ConverseStreamRequest} from '@aws-sdk/client-bedrock-runtime';
          type Request = Wire<Omit<ConverseStreamRequest, 'modelId'>>;
          """;
      default -> throw new IllegalArgumentException(dialect + " has the format of another");
    };
  }

  @Test
  void requestsAreOfTheTypesThatTheProvidersPublish() throws Exception {
    Path folder = NpmPackages.folder("published-types", "typescript/bin/tsc", PACKAGES);
    List<String> command = new ArrayList<>();
    command.addAll(List.of("node", "node_modules/typescript/bin/tsc", "--noEmit", "--strict"));
    command.addAll(List.of("--skipLibCheck", "--target", "es2022", "--module", "preserve"));
    for (Dialect dialect :
        List.of(
            Dialect.ANTHROPIC,
            Dialect.OPENAI,
            Dialect.OPENAI_CHAT,
            Dialect.GOOGLE,
            Dialect.BEDROCK)) {
      StringBuilder program = new StringBuilder(WIRE).append(type(dialect));
      List<RecordedRequest> requests = chat(dialect);
      assertThat(requests).hasSize(2);
      for (int i = 0; i < requests.size(); i++) {
        program.append("export const request%d: Request = ".formatted(i));
        program.append(requests.get(i).body().toPrettyString()).append(";\n");
      }
      // The compiler complains when this is none: so the check can fail.
      program.append("// @ts-expect-error\n");
      program.append("export const wrong: Request = {...request0, invented: true};\n");
      Path file = folder.resolve(dialect.name().toLowerCase(Locale.ROOT) + ".ts");
      Files.writeString(file, program);
      command.add(file.getFileName().toString());
    }
    Path output = folder.resolve("compiler.txt");
    Process compiler =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(compiler.waitFor(COMPILER_S_MAX, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output)).isEmpty();
    assertThat(compiler.exitValue()).isZero();
  }

  private static List<RecordedRequest> chat(Dialect dialect) throws InterruptedException {
    // Chat Completions as OpenAI publishes it knows no reasoning.
    String reasoning = dialect == Dialect.OPENAI_CHAT ? "" : "{\"reasoning\": \"two at once\"}, ";
    Script script = Script.parse(SCRIPT.replace("REASONING", reasoning));
    try (ScriptedModel model = new ScriptedModel(script)) {
      model.start();
      ProviderSettings settings =
          dialect.settings(model.anthropicUrl(), "sk-types-0123456789", Duration.ofSeconds(20));
      try (Provider provider = Providers.create(settings)) {
        Message question =
            new Message(
                Message.Role.USER,
                List.of(
                    Part.Text.of("look at these"),
                    file("a.png", "image/png"),
                    file("b.pdf", "application/pdf"),
                    file("c.txt", "text/plain")));
        List<Part> parts = provider.stream(request(dialect, question), e -> {}).parts();
        List<Part> results = new ArrayList<>();
        for (Part part : parts) {
          if (part instanceof Part.ToolCall call) {
            ObjectNode output = JsonNodeFactory.instance.objectNode().put("content", "hello");
            boolean error = call.name().equals("ls");
            results.add(
                new Part.ToolResult(call.id(), call.name(), output, error, Optional.empty()));
          }
        }
        Message answer = new Message(Message.Role.ASSISTANT, parts);
        Message tool = new Message(Message.Role.TOOL, results);
        Message more = new Message(Message.Role.USER, List.of(Part.Text.of("and now?")));
        provider.stream(request(dialect, question, answer, tool, more), e -> {});
      }
      return model.requests();
    }
  }

  private static Part.File file(String name, String type) {
    return new Part.File(name, type, "hello".getBytes(StandardCharsets.UTF_8));
  }

  private static ModelRequest request(Dialect dialect, Message... messages) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.putObject("properties").putObject("path").put("type", "string");
    return new ModelRequest(
        dialect.model(),
        "You are careful.",
        List.of(
            new ToolSpec("read_file", "Reads a file.", schema),
            new ToolSpec("ls", "Lists.", schema)),
        List.of(messages),
        Optional.of(500),
        JsonNodeFactory.instance.objectNode(),
        "chat-1");
  }
}
