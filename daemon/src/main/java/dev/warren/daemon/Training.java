package dev.warren.daemon;

import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.DaemonHeaders;
import dev.warren.protocol.daemon.FileEdits;
import dev.warren.protocol.daemon.ProcessStart;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.Rehearsal;
import dev.warren.tunnel.TunnelStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Does the daemon's daily work once, on throw-away data, so that the class cache that is made
/// meanwhile holds what a real start needs.
final class Training {
  /// In whose name the throw-away work is done.
  private static final UUID CHAT = new UUID(0, 0);

  private Training() {}

  static int run() {
    try {
      Path folder = Files.createTempDirectory("warren-train");
      try (Daemon daemon =
          new Daemon(folder.resolve("state"), folder, Map.of(), Clock.systemUTC())) {
        NodeIdentity.loadOrCreate(folder.resolve("state"));
        daemon.start();
        request(daemon, "GET /v1/info", Optional.empty(), "");
        UUID id = UuidV7.next();
        request(daemon, "PUT /v1/files?path=~/a.txt", Optional.of(UuidV7.next()), "one\ntwo\n");
        request(daemon, "GET /v1/files/lines?path=~/a.txt", Optional.empty(), "");
        request(daemon, "GET /v1/files/list?path=~", Optional.empty(), "");
        request(
            daemon,
            "POST /v1/files/edits",
            Optional.of(UuidV7.next()),
            Json.STRICT.writeValueAsString(
                new FileEdits(
                    List.of(new FileEdits.Edit("~/a.txt", "two  ", "three", Optional.empty())))));
        request(
            daemon,
            "POST /v1/processes",
            Optional.of(id),
            Json.STRICT.writeValueAsString(
                new ProcessStart(id, "echo hello", Optional.empty(), Optional.empty())));
        request(daemon, "GET /v1/processes/" + id + "/output?wait_ms=5000", Optional.empty(), "");
        request(daemon, "GET /v1/processes", Optional.empty(), "");
        request(daemon, "GET /v1/outcomes/" + id, Optional.empty(), "");
        request(daemon, "GET /v1/ports", Optional.empty(), "");
        Rehearsal.run(Training::ask, stream -> Main.serve(daemon, stream));
      } finally {
        delete(folder);
      }
      return 0;
    } catch (InterruptedException stopped) {
      return Main.EXIT_FAILED;
    } catch (IOException failed) {
      System.err.println("warren-daemon: training failed: " + failed);
      return Main.EXIT_FAILED;
    }
  }

  private static void ask(TunnelStream stream) throws IOException {
    String request = "GET /v1/info HTTP/1.1\r\nConnection: close\r\n\r\n";
    stream.output().write(request.getBytes(StandardCharsets.US_ASCII));
    String answer = new String(stream.input().readAllBytes(), StandardCharsets.UTF_8);
    if (!answer.startsWith("HTTP/1.1 200")) {
      throw new IOException("the tunnel answered " + answer);
    }
  }

  private static void request(Daemon daemon, String start, Optional<UUID> key, String body)
      throws IOException {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(start).append(" HTTP/1.1\r\nHost: daemon\r\n");
    key.ifPresent(id ->
        head.append(
            "%s: %s\r\n%s: %s\r\n%s: %s/1\r\n"
                .formatted(
                    DaemonHeaders.IDEMPOTENCY_KEY,
                    id,
                    DaemonHeaders.STORE,
                    daemon.storeId(),
                    DaemonHeaders.LEASE,
                    CHAT)));
    head.append("Content-Type: application/json\r\nContent-Length: ").append(content.length);
    head.append("\r\n\r\n");
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(head.toString().getBytes(StandardCharsets.US_ASCII));
    whole.writeBytes(content);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    daemon.serveHttp(new ByteArrayInputStream(whole.toByteArray()), answer);
    String text = answer.toString(StandardCharsets.UTF_8);
    if (!text.startsWith("HTTP/1.1 200")) {
      throw new IOException(start + " answered " + text.lines().findFirst().orElse("nothing"));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
