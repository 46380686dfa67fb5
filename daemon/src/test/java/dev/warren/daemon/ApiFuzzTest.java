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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that no well-meaning caller sends, seeded: whatever comes, the daemon answers something
/// that is no fault of its own, and goes on. `-Dwarren.fuzz.seconds=600` runs it for so long,
/// `-Dwarren.fuzz.seed` repeats a run's choices.
class ApiFuzzTest {
  /// At least so many, also when that takes longer.
  private static final int REQUESTS = 3_000;

  private static final long SECONDS = Long.getLong("warren.fuzz.seconds", 0);

  private static final Duration WITHIN = Duration.ofSeconds(20);

  private static final List<String> METHODS = List.of("GET", "PUT", "POST", "DELETE", "HEAD", "X");
  private static final List<String> TARGETS =
      List.of(
          "/v1/info",
          "/v1/files?path=",
          "/v1/files/lines?path=",
          "/v1/files/list?path=",
          "/v1/files/stat?path=",
          "/v1/files/edits",
          "/v1/processes",
          "/v1/processes/",
          "/v1/outcomes/",
          "/v1/ports");
  private static final List<String> PATHS =
      List.of(
          "~",
          "~/a",
          "%2e%2e/x",
          "~/zero",
          "~/%00",
          "%ff%fe",
          "~/dir",
          "",
          "~/fifo",
          "~/null/x",
          "~/loop",
          "%",
          "&offset=-1",
          "~/a&offset=99999999999&limit=0");
  private static final List<String> BODIES =
      List.of(
          "",
          "{",
          "null",
          "[]",
          "7",
          "{\"edits\":[]}",
          "{\"edits\":[{}]}",
          "{\"edits\":[{\"path\":\"~/a\",\"old_text\":\"\",\"new_text\":\"x\"}]}",
          "{\"edits\":[{\"path\":\"\\u0000\",\"old_text\":\"a\",\"new_text\":\"x\"}]}",
          "{\"edits\":[{\"path\":\"~/dir\",\"old_text\":\"a\",\"new_text\":\"x\"}]}",
          "{\"id\":\"7\",\"command\":\"true\"}",
          "{\"id\":\"%s\",\"command\":\"\"}",
          "{\"id\":\"%s\",\"command\":\"true\",\"workdir\":\"/nowhere\"}",
          "{\"id\":\"%s\",\"command\":\"true\",\"env\":{\"A=B\":\"\"}}",
          "{\"signal\":\"SIGSTOP\"}",
          "{\"signal\":null}");

  @TempDir Path folder;

  @Test
  void everyRequestIsAnsweredAndNoneIsAFault() throws Exception {
    long seed = Long.getLong("warren.fuzz.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (SocketDaemon running = new SocketDaemon(folder, Clock.systemUTC())) {
      Path home = folder.resolve("home");
      Files.writeString(home.resolve("a"), "alpha\nbeta\n");
      Files.createDirectories(home.resolve("dir"));
      Files.createSymbolicLink(home.resolve("loop"), home.resolve("loop"));
      Files.createSymbolicLink(home.resolve("zero"), Path.of("/dev/zero"));
      Files.createSymbolicLink(home.resolve("null"), Path.of("/dev/null"));
      new ProcessBuilder("mkfifo", home.resolve("fifo").toString()).start().waitFor();
      long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
      int requests = 0;
      for (; requests < REQUESTS || System.nanoTime() < end; requests++) {
        String request = request(random, running.daemon().storeId());
        Optional<Caller.Answer> answer = send(running.daemon(), request);
        if (answer.isPresent()) {
          String as =
              "seed %d, request %d: %s: %s".formatted(seed, requests, request, answer.get().text());
          assertThat(answer.get().status()).as(as).isBetween(200, 599);
          assertThat(answer.get().text()).as(as).doesNotContain("Fault of the daemon");
        }
      }
      System.out.println(requests + " requests");
      assertThat(SocketDaemon.caller(folder).get("/v1/info").status()).isEqualTo(200);
      assertThat(Files.readString(home.resolve("a"))).as("is text").isNotNull();
    }
  }

  /// The whole exchange over one stream, which ends after the request.
  private static Optional<Caller.Answer> send(Daemon daemon, String request)
      throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Thread serving =
        Thread.ofVirtual()
            .start(() -> {
              byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
              try {
                daemon.serveHttp(new ByteArrayInputStream(bytes), out);
              } catch (IOException cut) {
                assertThat(cut).isNotNull(); // the request ended in the middle
              }
            });
    assertThat(serving.join(WITHIN)).as("answered in time: " + request).isTrue();
    try {
      return Optional.of(Caller.answer(new ByteArrayInputStream(out.toByteArray())));
    } catch (IOException ended) {
      return Optional.empty(); // the daemon only ended the stream
    }
  }

  private static String request(Random random, UUID store) {
    String target = any(random, TARGETS);
    if (target.endsWith("=")) {
      target += any(random, PATHS);
    } else if (target.endsWith("/")) {
      target += random.nextBoolean() ? UuidV7.next() : any(random, PATHS);
      target += any(random, List.of("", "/output", "/signal", "/cancel", "/output?wait_ms=x"));
    }
    String body = any(random, BODIES).replace("%s", UuidV7.next().toString());
    StringBuilder head = new StringBuilder();
    head.append(any(random, METHODS)).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: daemon\r\nConnection: close\r\n");
    if (random.nextInt(10) != 0) {
      head.append("Idempotency-Key: ").append(UuidV7.next()).append("\r\n");
    }
    if (random.nextInt(10) != 0) {
      head.append("Warren-Store: ").append(store).append("\r\n");
    }
    String lease =
        random.nextInt(10) == 0
            ? any(random, List.of("", "x", "a b", "1:2"))
            : new UUID(7, random.nextInt(3)) + "/" + random.nextInt(3);
    head.append("Warren-Lease: ").append(lease).append("\r\n");
    if (random.nextInt(10) == 0) {
      head.append("Range: bytes=")
          .append(any(random, List.of("0-", "-1", "9-3", "x")))
          .append("\r\n");
    }
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    head.append("Content-Type: application/json\r\nContent-Length: ")
        .append(length)
        .append("\r\n\r\n");
    String whole = head + body;
    if (random.nextInt(6) == 0) {
      StringBuilder broken = new StringBuilder(whole);
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        broken.setCharAt(random.nextInt(broken.length()), (char) random.nextInt(256));
      }
      whole = broken.toString();
    }
    return whole;
  }

  private static <T> T any(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
