package dev.warren.server.workspace.daemon;

import dev.warren.protocol.Json;
import dev.warren.protocol.MissingMember;
import dev.warren.protocol.Problem;
import dev.warren.protocol.daemon.DaemonHeaders;
import dev.warren.protocol.daemon.DaemonInfo;
import dev.warren.protocol.daemon.FileEdits;
import dev.warren.protocol.daemon.FileLines;
import dev.warren.protocol.daemon.FileListing;
import dev.warren.protocol.daemon.FileStat;
import dev.warren.protocol.daemon.FileWritten;
import dev.warren.protocol.daemon.ListeningPort;
import dev.warren.protocol.daemon.Outcome;
import dev.warren.protocol.daemon.ProcessOutput;
import dev.warren.protocol.daemon.ProcessSignal;
import dev.warren.protocol.daemon.ProcessStart;
import dev.warren.protocol.daemon.ProcessState;
import dev.warren.protocol.http.HttpHead;
import dev.warren.protocol.http.HttpHeaders;
import dev.warren.protocol.http.HttpLimits;
import dev.warren.protocol.http.HttpReader;
import dev.warren.protocol.http.HttpWriter;
import dev.warren.tunnel.TunnelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;

/// Calls one daemon's API. Thread-safe; each call opens a stream of its own and blocks.
///
/// Every call may throw [DaemonCallException]; interruption ends it with `InterruptedException`,
/// while what it started goes on.
public final class DaemonClient {
  /// Longest answer that is read: a text file of 1 MiB whose every byte JSON writes as six, and
  /// room.
  private static final long ANSWER_BYTES_MAX = 8L * 1024 * 1024;

  /// How long opening a stream may take, dialing too.
  private static final Duration OPEN_WITHIN = Duration.ofSeconds(10);

  /// How long an answer may take, beyond what the request itself asks to wait.
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

  private static final byte[] NO_BODY = new byte[0];

  private final DaemonStream.Opener opener;

  public DaemonClient(DaemonStream.Opener opener) {
    this.opener = opener;
  }

  public DaemonInfo info() throws InterruptedException {
    return get("/v1/info", DaemonInfo.class, ANSWER_WITHIN);
  }

  public FileLines lines(String path, int offset, int limit) throws InterruptedException {
    String query = "?path=%s&offset=%d&limit=%d".formatted(encoded(path), offset, limit);
    return get("/v1/files/lines" + query, FileLines.class, ANSWER_WITHIN);
  }

  /// The same for a chat, which the daemon then keeps from changing what others change later.
  ///
  /// @param lease `CHAT_ID/LEASE`
  public FileLines lines(String path, int offset, int limit, String lease)
      throws InterruptedException {
    String query = "?path=%s&offset=%d&limit=%d".formatted(encoded(path), offset, limit);
    return call(
        "GET",
        "/v1/files/lines" + query,
        Map.of(DaemonHeaders.LEASE, lease),
        "",
        NO_BODY,
        FileLines.class,
        ANSWER_WITHIN);
  }

  public FileListing list(String path) throws InterruptedException {
    return get("/v1/files/list?path=" + encoded(path), FileListing.class, ANSWER_WITHIN);
  }

  public FileStat stat(String path) throws InterruptedException {
    return get("/v1/files/stat?path=" + encoded(path), FileStat.class, ANSWER_WITHIN);
  }

  public FileWritten put(String path, byte[] content, Effect effect) throws InterruptedException {
    return call(
        "PUT",
        "/v1/files?path=" + encoded(path),
        fences(effect),
        "application/octet-stream",
        content,
        FileWritten.class,
        ANSWER_WITHIN);
  }

  public FileEdits.Applied edit(FileEdits edits, Effect effect) throws InterruptedException {
    return post("/v1/files/edits", edits, effect, FileEdits.Applied.class);
  }

  public ProcessState start(ProcessStart start, Effect effect) throws InterruptedException {
    return post("/v1/processes", start, effect, ProcessState.class);
  }

  public List<ProcessState> processes() throws InterruptedException {
    return get("/v1/processes", ProcessState.Listing.class, ANSWER_WITHIN).processes();
  }

  /// @param seenBytes answers as soon as there is more than this
  public ProcessOutput output(UUID id, Optional<Long> seenBytes, Duration wait)
      throws InterruptedException {
    String query =
        "?wait_ms=" + wait.toMillis() + seenBytes.map(bytes -> "&seen_bytes=" + bytes).orElse("");
    return get(
        "/v1/processes/" + id + "/output" + query, ProcessOutput.class, wait.plus(ANSWER_WITHIN));
  }

  public ProcessState signal(UUID id, ProcessSignal.Signal signal, Effect effect)
      throws InterruptedException {
    return post(
        "/v1/processes/" + id + "/signal", new ProcessSignal(signal), effect, ProcessState.class);
  }

  public Outcome outcome(UUID id) throws InterruptedException {
    return get("/v1/outcomes/" + id, Outcome.class, ANSWER_WITHIN);
  }

  /// Ends the effect with this id, or sees to it that it never starts.
  ///
  /// @param effect its own lease and store; its id is not used
  public Outcome cancel(UUID id, Effect effect, Duration within) throws InterruptedException {
    return call(
        "POST",
        "/v1/outcomes/" + id + "/cancel",
        fences(effect),
        "application/json",
        NO_BODY,
        Outcome.class,
        within);
  }

  public List<ListeningPort> ports() throws InterruptedException {
    return get("/v1/ports", ListeningPort.Listing.class, ANSWER_WITHIN).ports();
  }

  private <T extends Record> T get(String target, Class<T> type, Duration within)
      throws InterruptedException {
    return call("GET", target, Map.of(), "", NO_BODY, type, within);
  }

  private <T extends Record> T post(String target, Record body, Effect effect, Class<T> type)
      throws InterruptedException {
    return call(
        "POST",
        target,
        fences(effect),
        "application/json",
        Json.STRICT.writeValueAsBytes(body),
        type,
        ANSWER_WITHIN);
  }

  private static Map<String, String> fences(Effect effect) {
    return Map.of(
        DaemonHeaders.IDEMPOTENCY_KEY,
        effect.id().toString(),
        DaemonHeaders.STORE,
        effect.storeId(),
        DaemonHeaders.LEASE,
        effect.lease());
  }

  private <T extends Record> T call(
      String method,
      String target,
      Map<String, String> more,
      String mediaType,
      byte[] body,
      Class<T> type,
      Duration within)
      throws InterruptedException {
    HttpHeaders.Builder headers =
        new HttpHeaders.Builder().add("Host", "daemon").add("Connection", "close");
    if (!method.equals("GET")) {
      headers.add("Content-Type", mediaType).add("Content-Length", Integer.toString(body.length));
    }
    more.forEach(headers::add);
    try (DaemonStream stream = open()) {
      new HttpWriter(stream.output()).request(method, target, headers.build(), body);
      HttpReader reader =
          new HttpReader(new DeadlineInput(stream, within), HttpLimits.withBody(ANSWER_BYTES_MAX));
      HttpHead.Response head = reader.response();
      byte[] answer = read(reader.body(head));
      return answer(method, target, head.status(), answer, type);
    } catch (SocketTimeoutException late) {
      throw new DaemonCallException(
          DaemonCallException.Kind.UNANSWERED,
          "the workspace did not answer within %d s".formatted(within.toSeconds()),
          late);
    } catch (InterruptedIOException interrupted) {
      throw new InterruptedException(interrupted.getMessage());
    } catch (dev.warren.protocol.http.HttpFormatException malformed) {
      throw new DaemonCallException(
          DaemonCallException.Kind.MALFORMED,
          "the workspace's answer is malformed: " + malformed.getMessage(),
          malformed);
    } catch (IOException broken) {
      boolean refused =
          broken instanceof TunnelException tunnel
              && tunnel.stage() == TunnelException.Stage.REFUSED;
      throw new DaemonCallException(
          refused ? DaemonCallException.Kind.UNREACHED : DaemonCallException.Kind.UNANSWERED,
          "the connection to the workspace broke: " + broken.getMessage(),
          broken);
    }
  }

  private DaemonStream open() throws InterruptedException {
    try {
      return opener.open(OPEN_WITHIN);
    } catch (IOException unreached) {
      throw new DaemonCallException(
          DaemonCallException.Kind.UNREACHED,
          "the workspace cannot be reached: " + unreached.getMessage(),
          unreached);
    }
  }

  private static byte[] read(InputStream body) throws IOException {
    return body.readAllBytes(); // bounded by the reader's limit
  }

  private static <T extends Record> T answer(
      String method, String target, int status, byte[] body, Class<T> type) {
    try {
      if (status == 200 || status == 201) {
        T value = Json.LENIENT.readValue(body, type);
        if (value != null && MissingMember.of(value).isEmpty()) {
          return value;
        }
      }
      if (status >= 400) {
        Problem problem = Json.LENIENT.readValue(body, Problem.class);
        if (problem != null && MissingMember.of(problem).isEmpty()) {
          throw new DaemonCallException(problem);
        }
      }
    } catch (JacksonException malformed) {
      throw new DaemonCallException(
          DaemonCallException.Kind.MALFORMED,
          "the workspace's answer is not as documented (%s %s, status %d)"
              .formatted(method, target.split("\\?", 2)[0], status),
          malformed);
    }
    throw new DaemonCallException(
        DaemonCallException.Kind.MALFORMED,
        "the workspace answered %s %s with status %d"
            .formatted(method, target.split("\\?", 2)[0], status),
        new IOException("unexpected status"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
