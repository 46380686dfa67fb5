package dev.warren.daemon;

import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.DaemonHeaders;
import dev.warren.protocol.http.HttpHead;
import dev.warren.protocol.http.HttpHeaders;
import dev.warren.protocol.http.HttpLimits;
import dev.warren.protocol.http.HttpReader;
import dev.warren.protocol.http.HttpWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// Makes requests of a daemon, each on a stream of its own.
public final class Caller {
  private final Opener opener;
  private final UUID chat;
  private final int fence;
  private final String lease;

  /// Opens a stream to the daemon.
  @FunctionalInterface
  public interface Opener {
    Stream open() throws IOException;
  }

  /// @param close ends both directions
  public record Stream(InputStream input, OutputStream output, Close close) {}

  @FunctionalInterface
  public interface Close {
    void run() throws IOException;
  }

  public Caller(Opener opener) {
    this(opener, UuidV7.next(), 1);
  }

  private Caller(Opener opener, UUID chat, int fence) {
    this.opener = opener;
    this.chat = chat;
    this.fence = fence;
    this.lease = chat + "/" + fence;
  }

  /// Who owns the chat after this one, which is dead or believed so.
  public Caller successor() {
    return new Caller(opener, chat, fence + 1);
  }

  public record Answer(int status, HttpHeaders headers, byte[] body) {
    public JsonNode json() {
      return Json.STRICT.readTree(body);
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  public Answer get(String target) throws IOException {
    return send("GET", target, Map.of(), new byte[0]);
  }

  /// Reads lines in the name of the caller's chat.
  public Answer lines(String path) throws IOException {
    return send(
        "GET",
        "/v1/files/lines?path=" + encoded(path),
        Map.of(DaemonHeaders.LEASE, lease),
        new byte[0]);
  }

  public Answer post(String target, UUID key, Object body) throws IOException {
    return post(target, key, body, Map.of());
  }

  public Answer post(String target, UUID key, Object body, Map<String, String> more)
      throws IOException {
    Map<String, String> headers = new TreeMap<>(fences(key));
    headers.putAll(more);
    headers.put("Content-Type", "application/json");
    return send("POST", target, headers, Json.STRICT.writeValueAsBytes(body));
  }

  public Answer put(String path, UUID key, byte[] content) throws IOException {
    return send("PUT", "/v1/files?path=" + encoded(path), fences(key), content);
  }

  /// What every request that changes something carries: the store that is there now, and the lease
  /// of one chat, the caller's own.
  public Map<String, String> fences(UUID key) throws IOException {
    return Map.of(
        DaemonHeaders.STORE,
        get("/v1/info").json().get("store_id").asString(),
        DaemonHeaders.LEASE,
        lease,
        DaemonHeaders.IDEMPOTENCY_KEY,
        key.toString());
  }

  public Answer send(String method, String target, Map<String, String> headers, byte[] body)
      throws IOException {
    HttpHeaders.Builder all = new HttpHeaders.Builder().add("Host", "daemon");
    headers.forEach(all::add);
    if (!method.equals("GET")) {
      all.add("Content-Length", Integer.toString(body.length));
    }
    Stream stream = opener.open();
    try {
      new HttpWriter(stream.output).request(method, target, all.build(), body);
      return answer(stream.input);
    } finally {
      stream.close.run();
    }
  }

  /// Sends bytes as they are; the answer is empty when the daemon only ends the stream.
  public Optional<Answer> raw(String bytes) throws IOException {
    Stream stream = opener.open();
    try {
      stream.output.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      stream.output.flush();
      return Optional.of(answer(stream.input));
    } catch (java.io.EOFException ended) {
      return Optional.empty();
    } finally {
      stream.close.run();
    }
  }

  public static Answer answer(InputStream in) throws IOException {
    HttpReader reader = new HttpReader(in, HttpLimits.withBody(64L * 1024 * 1024));
    HttpHead.Response head = reader.response();
    return new Answer(head.status(), head.headers(), reader.body(head).readAllBytes());
  }

  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
