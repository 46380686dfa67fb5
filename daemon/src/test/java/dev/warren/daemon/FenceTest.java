package dev.warren.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.DaemonHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FenceTest {
  @TempDir Path folder;
  private SocketDaemon daemon;
  private Caller caller;

  @BeforeEach
  void start() throws IOException {
    daemon = new SocketDaemon(folder, Clock.systemUTC());
    caller = SocketDaemon.caller(folder);
  }

  @AfterEach
  void stop() throws IOException {
    daemon.close();
  }

  /// Every request that changes something, ID being its id.
  private static final Map<String, String> ACTING =
      Map.of(
          "PUT /v1/files?path=~/made", "text",
          "POST /v1/files/edits",
              "{\"edits\":[{\"path\":\"~/there\",\"old_text\":\"a\",\"new_text\":\"b\"}]}",
          "POST /v1/processes", "{\"id\":\"ID\",\"command\":\"touch ~/made\"}",
          "POST /v1/processes/ID/signal", "{\"signal\":\"SIGKILL\"}",
          "POST /v1/outcomes/ID/cancel", "",
          "DELETE /v1/outcomes/ID", "");

  static Stream<Arguments> requestsThatLackAHeader() {
    List<String> headers =
        List.of(DaemonHeaders.STORE, DaemonHeaders.LEASE, DaemonHeaders.IDEMPOTENCY_KEY);
    return ACTING.keySet().stream()
        .sorted()
        .flatMap(request -> headers.stream().map(header -> Arguments.of(request, header)));
  }

  @ParameterizedTest
  @MethodSource("requestsThatLackAHeader")
  void requestWithoutAFenceIsBadInputAndChangesNothing(String request, String header)
      throws IOException {
    Path there = Files.writeString(folder.resolve("home/there"), "a");
    UUID id = UuidV7.next();
    Map<String, String> headers = new HashMap<>(caller.fences(id));
    headers.remove(header);
    headers.put("Content-Type", "application/json");
    String[] line = request.replace("ID", id.toString()).split(" ", 2);
    String body = ACTING.getOrDefault(request, "").replace("ID", id.toString());
    Caller.Answer answer = caller.send(line[0], line[1], headers, body.getBytes());
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.json().get("errors").get(0).get("field").asString()).isEqualTo(header);
    assertThat(caller.get("/v1/outcomes/" + id).json().get("state").asString()).isEqualTo("absent");
    assertThat(folder.resolve("home/made")).doesNotExist();
    assertThat(there).hasContent("a");
    try (Stream<Path> leases = Files.list(folder.resolve("state/leases"))) {
      assertThat(leases).as("leases that the daemon has noted").isEmpty();
    }
  }
}
