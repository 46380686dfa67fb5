package dev.warren.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.UuidV7;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpConnectionTest {
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "nonsense | 400",
        "GET /v1/info HTTP/1.0 | 505",
        "GET v1/info HTTP/1.1 | 400",
        "GET /v1/info HTTP/1.1^no colon | 400",
        "GET /v1/info HTTP/1.1^ folded: x | 400",
        "PUT /v1/files?path=/x HTTP/1.1^Content-Length: -1 | 400",
        "PUT /v1/files?path=/x HTTP/1.1^Content-Length: 1^Content-Length: 2 | 400",
        "PUT /v1/files?path=/x HTTP/1.1^Content-Length: 1^Transfer-Encoding: chunked | 400",
        "PUT /v1/files?path=/x HTTP/1.1^Transfer-Encoding: gzip | 501",
        "PUT /v1/files?path=/x HTTP/1.1^Content-Length: 99999999999 | 413",
        "GET /v1/none HTTP/1.1 | 404",
        "DELETE /v1/info HTTP/1.1 | 405",
        "GET /v1/info?x=1 HTTP/1.1 | 400",
        "GET /v1/files/lines HTTP/1.1 | 400",
        "GET /v1/files/lines?path=/a&path=/b HTTP/1.1 | 400",
        "GET /v1/files/lines?path=%zz HTTP/1.1 | 400",
        "GET /v1/files/lines?path=/etc/passwd&offset=0 HTTP/1.1 | 400",
        "GET /v1/files/lines?path=/etc/passwd&limit=1e3 HTTP/1.1 | 400",
        "GET /v1/files/lines?path=relative HTTP/1.1 | 400",
        "GET /v1/files/lines?path=/a%00b HTTP/1.1 | 400",
        "GET /v1/processes/xyz HTTP/1.1 | 400",
      })
  void badRequestsAreAnsweredWithAProblem(String request, int status) throws IOException {
    Optional<Caller.Answer> answer = caller.raw(request.replace("^", "\r\n") + "\r\n\r\n");
    assertThat(answer).isPresent();
    assertThat(answer.get().status()).as(answer.get().text()).isEqualTo(status);
    assertThat(answer.get().headers().one("Content-Type")).contains("application/problem+json");
    assertThat(answer.get().json().get("status").asInt()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{ | body",
        "[] | body",
        "null | body",
        "{\"edits\":[]} | edits",
        "{\"edits\":[{\"path\":\"/x\",\"old_text\":\"a\"}]} | edits[0].new_text",
        "{\"edits\":[{\"path\":\"/x\",\"old_text\":1,\"new_text\":\"a\"}]} | edits[0].old_text",
        "{\"edits\":[{\"path\":\"/x\",\"old_text\":\"b\",\"new_text\":\"a\",\"more\":1}]} | edits[0].more",
        "{\"edits\":[],\"edits\":[]} | body",
        "{\"edits\":[]} x | body",
      })
  void badJsonIsRefusedByField(String json, String field) throws IOException {
    Map<String, String> headers = new HashMap<>(caller.fences(UuidV7.next()));
    headers.put("Content-Type", "application/json");
    Caller.Answer answer =
        caller.send("POST", "/v1/files/edits", headers, json.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.status()).as(answer.text()).isEqualTo(400);
    assertThat(answer.json().get("errors").get(0).get("field").asString()).isEqualTo(field);
  }

  @Test
  void headsOverTheLimitsAreRefused() throws IOException {
    assertThat(caller.raw("GET /" + "x".repeat(9000) + " HTTP/1.1\r\n\r\n").orElseThrow().status())
        .isEqualTo(414);
    assertThat(
            caller
                .raw("GET /v1/info HTTP/1.1\r\nX: " + "x".repeat(9000) + "\r\n\r\n")
                .orElseThrow()
                .status())
        .isEqualTo(431);
    assertThat(
            caller
                .raw("GET /v1/info HTTP/1.1\r\n" + "A: b\r\n".repeat(65) + "\r\n")
                .orElseThrow()
                .status())
        .isEqualTo(431);
  }

  @Test
  void requestsOfOneStreamFollowEachOther() throws IOException {
    String put =
        "PUT /v1/files?path=~/f HTTP/1.1\r\n%sTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: r\r\n\r\n"
            .formatted(fences());
    String get = "GET /v1/files?path=~/f HTTP/1.1\r\nRange: bytes=1-3\r\n\r\n";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    daemon
        .daemon()
        .serveHttp(
            new ByteArrayInputStream(
                (put + get + "GET /v1/info HTTP/1.1\r\nConnection: close\r\n\r\n" + get)
                    .getBytes(StandardCharsets.US_ASCII)),
            out);
    String answers = out.toString(StandardCharsets.UTF_8);
    assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(4);
    assertThat(answers)
        .contains("206")
        .contains("Content-Range: bytes 1-3/5\r\n")
        .contains("\r\n\r\nbcd");
  }

  @Test
  void bodyIsAskedForOnlyWhenItIsWanted() throws IOException {
    Path file = Files.writeString(folder.resolve("home/kept"), "kept");
    String refused =
        "PUT /v1/files?path=%s HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
            .formatted(file);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    daemon
        .daemon()
        .serveHttp(new ByteArrayInputStream(refused.getBytes(StandardCharsets.US_ASCII)), out);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("HTTP/1.1 400")
        .doesNotContain("100 Continue");
    assertThat(file).hasContent("kept");
  }

  @Test
  void bodyThatIsCutChangesNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("home/kept"), "kept");
    String cut =
        "PUT /v1/files?path=%s HTTP/1.1\r\n%sContent-Length: 100\r\n\r\nabc"
            .formatted(file, fences());
    daemon
        .daemon()
        .serveHttp(
            new ByteArrayInputStream(cut.getBytes(StandardCharsets.US_ASCII)),
            new ByteArrayOutputStream());
    assertThat(file).hasContent("kept");
    try (var left = Files.list(folder.resolve("home"))) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void randomBytesNeverHangOrBreakTheDaemon() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String valid =
        "POST /v1/files/edits HTTP/1.1\r\n%sContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"edits\":[]}"
            .formatted(fences());
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = valid.getBytes(StandardCharsets.US_ASCII);
      for (int i = random.nextInt(6); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      daemon.daemon().serveHttp(new ByteArrayInputStream(bytes), out);
      assertThat(out.toString(StandardCharsets.US_ASCII))
          .as("seed %d round %d", seed, round)
          .doesNotContain("HTTP/1.1 500");
    }
  }

  /// The headers of one request that may act, as lines.
  private String fences() throws IOException {
    return caller.fences(UuidV7.next()).entrySet().stream()
        .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
        .collect(Collectors.joining());
  }
}
