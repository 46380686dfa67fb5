package dev.warren.llm.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.llm.wire.WireJson;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RetryAfterTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-22T10:00:00Z"), ZoneOffset.UTC);

  private static Optional<Duration> of(Map<String, String> headers, String body) {
    JsonNode json = WireJson.MAPPER.readTree(body);
    return RetryAfter.of(name -> Optional.ofNullable(headers.get(name)), json, CLOCK);
  }

  @Test
  void eachFormIsRead() {
    assertThat(of(Map.of("retry-after", "7"), "{}")).contains(Duration.ofSeconds(7));
    assertThat(of(Map.of("retry-after", "0.5"), "{}")).contains(Duration.ofMillis(500));
    assertThat(of(Map.of("retry-after-ms", "250", "retry-after", "9"), "{}"))
        .contains(Duration.ofMillis(250));
    assertThat(of(Map.of("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT"), "{}"))
        .contains(Duration.ofSeconds(30));
    assertThat(
            of(
                Map.of(),
                """
                {"error": {"details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo",
                  "retryDelay": "34.4s"}]}}
                """))
        .contains(Duration.ofMillis(34_400));
  }

  @Test
  void nonsenseIsNoWishAndLongOnesAreCut() {
    assertThat(of(Map.of(), "{}")).isEmpty();
    assertThat(of(Map.of("retry-after", "soon"), "{}")).isEmpty();
    assertThat(of(Map.of("retry-after", "NaN"), "{}")).isEmpty();
    assertThat(of(Map.of("retry-after", "-5"), "{}")).contains(Duration.ZERO);
    assertThat(of(Map.of("retry-after", "Sun, 22 Nov 2026 09:00:00 GMT"), "{}"))
        .contains(Duration.ZERO);
    assertThat(of(Map.of("retry-after", "1e300"), "{}")).contains(RetryAfter.MAX);
  }
}
