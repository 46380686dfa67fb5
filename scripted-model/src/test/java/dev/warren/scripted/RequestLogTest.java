package dev.warren.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

final class RequestLogTest {
  private final RequestLog log = new RequestLog();

  @Test
  void theNewestAreKeptByNumber() {
    for (int i = 0; i <= RequestLog.REQUESTS_MAX; i++) {
      log.add(request(i), 1);
    }
    assertThat(log.all()).hasSize(RequestLog.REQUESTS_MAX);
    assertThat(log.all().getFirst().path()).isEqualTo("/1");
  }

  @Test
  void theNewestAreKeptBySizeAndTheLastAlways() {
    int half = (int) (RequestLog.BYTES_MAX / 2);
    for (int i = 0; i < 3; i++) {
      log.add(request(i), half);
    }
    assertThat(log.all()).extracting(RecordedRequest::path).containsExactly("/1", "/2");
    log.add(request(3), 3 * half);
    assertThat(log.all()).extracting(RecordedRequest::path).containsExactly("/3");
  }

  private static RecordedRequest request(int number) {
    return new RecordedRequest(
        "POST", "/" + number, Map.of(), JsonNodeFactory.instance.nullNode(), 200);
  }
}
