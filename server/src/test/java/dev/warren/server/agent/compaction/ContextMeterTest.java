package dev.warren.server.agent.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.server.chat.ChatMessage;
import dev.warren.server.chat.ChatMessage.Role;
import dev.warren.server.chat.MessageId;
import dev.warren.server.chat.StoredPart;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContextMeterTest {
  private static final Window WINDOW = new Window(10_000, Optional.empty(), Optional.empty());

  private final ContextMeter meter = new ContextMeter(1_000);

  private static ChatMessage user(String text) {
    return SummaryMessageTest.message(Role.USER, StoredPart.Text.of(text));
  }

  private static ChatMessage summary() {
    return SummaryMessageTest.message(Role.SUMMARY, StoredPart.Text.of("s"));
  }

  private static ChatMessage answer(long input, long output) {
    return new ChatMessage(
        new MessageId(UuidV7.next()),
        1,
        1,
        1,
        Role.ASSISTANT,
        List.of(StoredPart.Text.of("yes")),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.of(new ChatMessage.MessageUsage(input, output, 0, 0, 0, Optional.empty())),
        Instant.EPOCH);
  }

  @Test
  void whatTheProviderReportedCountsAndWhatCameSinceIsEstimatedOnItsScale() {
    meter.add(user("x".repeat(2_970)));
    meter.add(answer(1_000, 50));
    assertThat(meter.used()).isEqualTo(1_050);
    assertThat(meter.scale().charsPerToken()).isEqualTo(4.0);
    meter.add(user("y".repeat(3_970)));
    assertThat(meter.used()).isEqualTo(2_050);
  }

  @Test
  void beforeTheFirstAnswerAllIsEstimatedAndNothingIsCompacted() {
    meter.add(user("x".repeat(100_000)));
    assertThat(meter.used()).isEqualTo(28_866);
    assertThat(meter.due(WINDOW)).isFalse();
    assertThat(meter.compactable()).isFalse();
  }

  @Test
  void aResultThatDoesNotFitAnyMoreMakesASummaryDue() {
    meter.add(user("go"));
    meter.add(answer(6_000, 100));
    assertThat(meter.due(WINDOW)).isFalse();
    meter.add(
        SummaryMessageTest.message(
            Role.TOOL,
            new StoredPart.ToolResult(
                UuidV7.next(),
                "t",
                Json.STRICT.createObjectNode().put("output", "z".repeat(9_000)),
                false,
                1,
                Optional.empty())));
    assertThat(meter.due(WINDOW)).isTrue();
    meter.add(summary());
    assertThat(meter.due(WINDOW)).as("a summary is never summarised").isFalse();
  }

  @Test
  void aSummaryThatLeavesTheWindowFullIsFollowedByAnotherOnlyWhenMuchHasCome() {
    meter.add(summary());
    meter.add(answer(7_500, 10));
    assertThat(meter.due(WINDOW)).isFalse();
    meter.add(answer(9_000, 10));
    assertThat(meter.due(WINDOW)).isFalse();
    meter.add(answer(9_600, 10));
    assertThat(meter.due(WINDOW)).isTrue();
  }

  @Test
  void aProviderThatReportsNonsenseDoesNotMakeItBlind() {
    meter.add(user("x".repeat(3_000)));
    meter.add(answer(1, 1));
    meter.add(user("y".repeat(80_000)));
    assertThat(meter.used()).isGreaterThan(10_000);
  }

  @ParameterizedTest
  @CsvSource({
    "200000, , , 140000",
    "1000000, , , 300000",
    "500000, , , 300000",
    "200000, 0.5, , 100000",
    "1000000, 0.9, , 900000",
    "100000, , 64000, 50000",
    "100000, , 8000, 70000",
    "8000, , , 5600",
  })
  void theThresholdLeavesRoomForAnAnswer(long limit, Double share, Integer output, long threshold) {
    Window window = new Window(limit, Optional.ofNullable(share), Optional.ofNullable(output));
    assertThat(window.threshold()).isEqualTo(threshold);
  }

  @Test
  void withoutAKnownWindowOrWithAShareOfOneTheProviderSaysWhenItIsFull() {
    assertThat(new Window(0, Optional.empty(), Optional.empty()).threshold())
        .isEqualTo(Long.MAX_VALUE);
    assertThat(new Window(9, Optional.of(1.0), Optional.empty()).threshold())
        .isEqualTo(Long.MAX_VALUE);
  }
}
