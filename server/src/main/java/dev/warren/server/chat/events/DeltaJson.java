package dev.warren.server.chat.events;

import dev.warren.server.chat.MessageId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/// Writes the data of `delta` events: the one thing that is encoded for each token.
final class DeltaJson {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private DeltaJson() {}

  /// @param call told with the beginning of a tool call's input
  static byte[] encode(
      MessageId message, int part, String kind, Optional<Call> call, CharSequence text) {
    StringBuilder json = new StringBuilder(text.length() + 128);
    json.append("{\"message_id\":\"").append(message).append("\",\"part\":").append(part);
    json.append(",\"kind\":\"").append(kind).append('"');
    if (call.isPresent()) {
      json.append(",\"id\":\"").append(call.get().id()).append("\",\"name\":\"");
      escape(call.get().name(), json);
      json.append('"');
    }
    json.append(",\"text\":\"");
    escape(text, json);
    json.append("\"}");
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void escape(CharSequence text, StringBuilder json) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < 0x20) {
            json.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
          } else {
            json.append(c);
          }
        }
      }
    }
  }

  record Call(UUID id, String name) {}
}
