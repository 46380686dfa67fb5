package dev.warren.server.http;

import dev.warren.protocol.Json;
import dev.warren.protocol.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes the answer of one request. Whatever is no page of ours gets headers under which a browser
/// neither guesses its type, nor runs, frames or stores it.
final class Answers {
  private static final Logger log = LoggerFactory.getLogger(Answers.class);

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final String requestId;

  Answers(Request request, Response response, Callback callback, String requestId) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.requestId = requestId;
  }

  Request request() {
    return request;
  }

  Response response() {
    return response;
  }

  Callback callback() {
    return callback;
  }

  Rendered render(dev.warren.server.http.Response answer) {
    return Rendered.of(answer);
  }

  void send(dev.warren.server.http.Response answer) {
    send(Rendered.of(answer));
  }

  void send(Rendered answer) {
    head(answer.status(), answer.mediaType(), answer.headers());
    if (answer.status() != 204 && answer.status() != 304) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
    }
    ByteBuffer body =
        request.getMethod().equals("HEAD")
            ? ByteBuffer.allocate(0)
            : ByteBuffer.wrap(answer.body());
    response.write(true, body, callback);
  }

  /// Sets status and headers; the body follows by [#write].
  void head(int status, String mediaType, Map<String, String> more) {
    response.setStatus(status);
    HttpFields.Mutable headers = response.getHeaders();
    if (!mediaType.isEmpty()) {
      headers.put(HttpHeader.CONTENT_TYPE, mediaType);
    }
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    headers.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
    more.forEach(headers::put);
  }

  /// Sends a part of the body and waits until the network has taken it.
  void write(ByteBuffer part) throws IOException {
    Content.Sink.write(response, false, part);
  }

  /// Ends the body.
  void end() {
    response.write(true, ByteBuffer.allocate(0), callback);
  }

  /// Breaks the answer off, so that the client sees that it is not whole.
  void fail(Throwable cause) {
    callback.failed(cause);
  }

  void problem(ProblemException e) {
    if (response.isCommitted()) {
      log.debug("request {} failed after its answer began", requestId, e);
      callback.failed(e);
      return;
    }
    Problem problem = e.problem();
    ObjectNode body = Json.STRICT.valueToTree(problem);
    if (problem.errors().isEmpty()) {
      body.remove("errors");
    }
    body.put("instance", "urn:warren:request:" + requestId);
    response.reset();
    response.getHeaders().put(Dispatcher.REQUEST_ID, requestId);
    send(
        new Rendered(
            problem.status(),
            Problem.MEDIA_TYPE,
            Json.STRICT.writeValueAsBytes(body),
            e.headers()));
  }
}
