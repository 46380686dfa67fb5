package dev.warren.llm.http;

import dev.warren.llm.wire.WireJson;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// How long a provider asks to wait, in each of the forms they use: `retry-after-ms`, `retry-after`
/// in seconds or as an HTTP date, or Google's `RetryInfo` in the body.
final class RetryAfter {
  /// A longer wish is cut to this.
  static final Duration MAX = Duration.ofHours(1);

  private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

  private RetryAfter() {}

  /// @param header gives a header's value by its lower-case name
  static Optional<Duration> of(
      Function<String, Optional<String>> header, JsonNode body, Clock clock) {
    return header
        .apply("retry-after-ms")
        .flatMap(value -> seconds(value, 0.001))
        .or(() ->
            header
                .apply("retry-after")
                .flatMap(value -> seconds(value, 1).or(() -> date(value, clock))))
        .or(() -> fromBody(body))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .map(wait -> wait.compareTo(MAX) > 0 ? MAX : wait);
  }

  private static Optional<Duration> seconds(String value, double unitS) {
    try {
      double seconds = Double.parseDouble(value.strip()) * unitS;
      return Double.isFinite(seconds)
          ? Optional.of(
              Duration.ofMillis(Math.round(Math.min(seconds, (double) MAX.toSeconds()) * 1000)))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> date(String value, Clock clock) {
    try {
      Instant at =
          ZonedDateTime.parse(
                  value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
              .toInstant();
      return Optional.of(Duration.between(clock.instant(), at));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> fromBody(JsonNode body) {
    for (JsonNode detail : body.path("error").path("details")) {
      String delay = WireJson.string(detail, "retryDelay");
      if (WireJson.string(detail, "@type").equals(RETRY_INFO) && delay.endsWith("s")) {
        return seconds(delay.substring(0, delay.length() - 1), 1);
      }
    }
    return Optional.empty();
  }
}
