package dev.warren.server.chat.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocol.UuidV7;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LiveUpdateTest {
  static List<LiveUpdate> updates() {
    UUID message = UuidV7.next();
    LiveUpdate.Piece text =
        new LiveUpdate.Piece(0, "text", 3, "\"\n\uD83D\uDE00", Optional.empty(), Optional.empty());
    LiveUpdate.Piece call =
        new LiveUpdate.Piece(
            1, "tool_input", 0, "{", Optional.of(UuidV7.next()), Optional.of("execute"));
    return List.of(
        new LiveUpdate.Idle(),
        new LiveUpdate.Began(
            message, 4, Instant.parse("2026-01-02T03:04:05.678901Z"), 7, 2, List.of(text, call)),
        new LiveUpdate.Grew(message, text),
        new LiveUpdate.Committed(message, 8),
        new LiveUpdate.Abandoned(message),
        new LiveUpdate.Retry(1, 300, "busy"),
        new LiveUpdate.ToolOutput(message, 1, "line\n"));
  }

  @ParameterizedTest
  @MethodSource("updates")
  void eachIsALineAndComesBackAsItWas(LiveUpdate update) {
    String line = update.toJson();
    assertThat(line).doesNotContain("\n");
    assertThat(LiveUpdate.parse(line)).isEqualTo(update);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "null", "{\"type\":\"else\"}", "[]"})
  void anythingElseIsRefused(String line) {
    assertThatThrownBy(() -> LiveUpdate.parse(line)).isInstanceOf(IllegalArgumentException.class);
  }
}
