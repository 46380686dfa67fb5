package dev.warren.daemon.http;

import dev.warren.daemon.DaemonException;
import dev.warren.daemon.store.StateFolder;
import dev.warren.protocol.Json;
import dev.warren.protocol.Problem;
import dev.warren.protocol.daemon.DaemonHeaders;
import dev.warren.protocol.http.HttpFormatException;
import dev.warren.protocol.http.HttpHead;
import dev.warren.protocol.http.HttpHeaders;
import dev.warren.protocol.http.HttpLimits;
import dev.warren.protocol.http.HttpReader;
import dev.warren.protocol.http.HttpWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the requests of one stream, one after the other, until its peer ends it.
public final class HttpConnection {
  /// Longest body: a file that is put.
  public static final long BODY_BYTES_MAX = 4L * 1024 * 1024 * 1024;

  /// What is left of a body after its answer is read up to this, or the stream ends.
  private static final long DRAIN_BYTES_MAX = 256 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

  private final Router router;
  private final StateFolder state;

  public HttpConnection(Router router, StateFolder state) {
    this.router = router;
    this.state = state;
  }

  /// Returns when the stream is at its end, or the store is gone: then there is no true answer to
  /// give, and the next daemon gives it. The caller closes the stream.
  public void serve(InputStream in, OutputStream out) throws IOException {
    HttpReader reader = new HttpReader(in, HttpLimits.withBody(BODY_BYTES_MAX));
    HttpWriter writer = new HttpWriter(out);
    try {
      boolean open = true;
      while (open) {
        Optional<HttpHead.Request> head = reader.request();
        open = head.isPresent() && state.isThere() && serveOne(head.get(), reader, writer);
      }
    } catch (HttpFormatException malformed) {
      Problem problem =
          new Problem(
              "about:blank",
              "Malformed request",
              malformed.status(),
              String.valueOf(malformed.getMessage()),
              List.of());
      answer(writer, problem, true);
    } catch (EOFException cut) {
      LOG.debug("a request was cut: {}", cut.getMessage());
    }
  }

  /// False when the connection has to end after it.
  private boolean serveOne(HttpHead.Request head, HttpReader reader, HttpWriter writer)
      throws IOException {
    InputStream body = reader.body(head);
    if (head.headers().lists("Expect", "100-continue")) {
      body = new ContinueBody(body, writer);
    }
    boolean close = head.headers().lists("Connection", "close");
    Response response;
    try {
      response = router.route(head, body);
    } catch (HttpFormatException malformed) {
      throw malformed;
    } catch (EOFException cut) {
      throw cut;
    } catch (DaemonException refused) {
      response = new Response.Json(refused.problem().status(), refused.problem());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      response = problem(503, "Stopping", "the daemon stops");
    } catch (IOException failed) {
      response = fileProblem(failed);
    } catch (RuntimeException fault) {
      LOG.error("{} {}", head.method(), Request.pathOf(head.target()), fault);
      response = problem(500, "Fault of the daemon", fault.toString());
    }
    if (!state.isThere()) {
      return false; // it may have been lost while the request was worked on
    }
    boolean bodyNeverComes = body instanceof ContinueBody late && !late.started();
    boolean reusable = !bodyNeverComes && HttpReader.drain(body, DRAIN_BYTES_MAX);
    boolean last = close || !reusable;
    switch (response) {
      case Response.Json json -> answer(writer, json.status(), json.body(), last);
      case Response.NoContent none -> writer.response(204, headers(last).build(), new byte[0]);
      case Response.Bytes bytes -> {
        HttpHeaders.Builder headers = headers(last);
        headers.add("Content-Length", Long.toString(bytes.length()));
        bytes.headers().forEach(headers::add);
        writer.response(bytes.status(), headers.build(), new byte[0]);
        bytes.source().writeTo(writer.body());
        writer.body().flush();
      }
    }
    return !last;
  }

  private void answer(HttpWriter writer, Problem problem, boolean last) throws IOException {
    answer(writer, problem.status(), problem, last);
  }

  private void answer(HttpWriter writer, int status, Object body, boolean last) throws IOException {
    byte[] bytes = Json.STRICT.writeValueAsBytes(body);
    HttpHeaders.Builder headers = headers(last);
    headers.add("Content-Type", body instanceof Problem ? Problem.MEDIA_TYPE : "application/json");
    headers.add("Content-Length", Integer.toString(bytes.length));
    writer.response(status, headers.build(), bytes);
  }

  private HttpHeaders.Builder headers(boolean last) {
    HttpHeaders.Builder headers = new HttpHeaders.Builder();
    headers.add(DaemonHeaders.STORE, state.storeId().toString());
    if (last) {
      headers.add("Connection", "close");
    }
    return headers;
  }

  private static Response fileProblem(IOException failed) {
    String what =
        failed instanceof FileSystemException file && file.getFile() != null
            ? file.getFile()
            : "the request";
    return switch (failed) {
      case NoSuchFileException missing -> problem(404, "Not found", "there is no " + what);
      case AccessDeniedException denied ->
          problem(403, "Permission denied", "the workspace's user may not do that to " + what);
      case NotDirectoryException file -> problem(400, "Bad input", what + " is not a folder");
      case FileAlreadyExistsException file -> problem(400, "Bad input", what + " is not a folder");
      // Names that are too long, links that go in circles, read-only places, and the like.
      case FileSystemException refused ->
          problem(422, "Not possible there", String.valueOf(refused.getMessage()));
      default -> problem(500, "Input or output failed", failed.getMessage() + " (" + what + ")");
    };
  }

  private static Response problem(int status, String title, String detail) {
    return new Response.Json(status, new Problem("about:blank", title, status, detail, List.of()));
  }

  /// A body whose sender waits for `100 Continue`.
  private static final class ContinueBody extends InputStream {
    private final InputStream body;
    private final HttpWriter writer;
    private boolean started;

    ContinueBody(InputStream body, HttpWriter writer) {
      this.body = body;
      this.writer = writer;
    }

    boolean started() {
      return started;
    }

    @Override
    public int read() throws IOException {
      start();
      return body.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      start();
      return body.read(target, offset, length);
    }

    private void start() throws IOException {
      if (!started) {
        started = true;
        writer.interim100();
      }
    }
  }
}
