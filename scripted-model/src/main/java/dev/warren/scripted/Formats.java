package dev.warren.scripted;

import java.util.Optional;

/// The format of a path, wherever a provider or a cloud has it.
final class Formats {
  private Formats() {}

  static Optional<ModelFormat> of(String path) {
    if (path.endsWith("/chat/completions")) {
      return Optional.of(new ChatFormat());
    }
    if (path.endsWith("/responses")) {
      return Optional.of(new ResponsesFormat());
    }
    if (path.endsWith(":streamGenerateContent")) {
      return Optional.of(new GeminiFormat());
    }
    if (path.endsWith(":streamRawPredict")) {
      return Optional.of(new CloudAnthropicFormat(false));
    }
    if (path.endsWith("/converse-stream")) {
      return Optional.of(new ConverseFormat());
    }
    if (path.endsWith("/invoke-with-response-stream")) {
      return Optional.of(new CloudAnthropicFormat(true));
    }
    return path.endsWith("/v1/messages") ? Optional.of(new AnthropicFormat()) : Optional.empty();
  }
}
