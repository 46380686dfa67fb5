import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.responses.ResponseCreateParams;
import dev.warren.bench.ModelLoad;

/// The load of the providers' benchmark through an official SDK, its synchronous client on virtual
/// threads: `anthropic URL` or `openai URL`. Run from its source, beside the SDKs' jars.
final class SdkLoad {
  private SdkLoad() {}

  public static void main(String[] args) throws Exception {
    ModelLoad.run(args[0].equals("anthropic") ? anthropic(args[1]) : openAi(args[1]));
  }

  private static ModelLoad.Asker anthropic(String url) {
    AnthropicClient client =
        AnthropicOkHttpClient.builder().apiKey("key").baseUrl(url).maxRetries(0).build();
    return (prompt, onDelta) -> {
      MessageCreateParams params =
          MessageCreateParams.builder()
              .model("scripted")
              .maxTokens(1000)
              .addUserMessage(prompt)
              .build();
      try (var stream = client.messages().createStreaming(params)) {
        stream.stream()
            .forEach(event -> {
              if (event.isContentBlockDelta()) {
                onDelta.run();
              }
            });
      }
    };
  }

  private static ModelLoad.Asker openAi(String url) {
    OpenAIClient client =
        OpenAIOkHttpClient.builder().apiKey("key").baseUrl(url + "/v1").maxRetries(0).build();
    return (prompt, onDelta) -> {
      ResponseCreateParams params =
          ResponseCreateParams.builder().model("scripted").input(prompt).build();
      try (var stream = client.responses().createStreaming(params)) {
        stream.stream()
            .forEach(event -> {
              if (event.isOutputTextDelta()) {
                onDelta.run();
              }
            });
      }
    };
  }
}
