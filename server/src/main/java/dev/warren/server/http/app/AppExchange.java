package dev.warren.server.http.app;

import dev.warren.protocol.http.HttpFormatException;
import dev.warren.protocol.http.HttpHead;
import dev.warren.protocol.http.HttpHeaders;
import dev.warren.protocol.http.HttpLimits;
import dev.warren.protocol.http.HttpReader;
import dev.warren.protocol.http.HttpWriter;
import dev.warren.tunnel.TunnelStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request to an app and its answer, both streamed, over a connection of its own. When the app
/// switches protocols, such as to a WebSocket, bytes are carried from there on.
final class AppExchange {
  /// An app may use more and longer headers than our own daemon does.
  private static final HttpLimits LIMITS =
      new HttpLimits(64 * 1024, 128 * 1024, 200, Long.MAX_VALUE);

  private static final int COPY_BYTES = 32 * 1024;
  private static final Logger log = LoggerFactory.getLogger(AppExchange.class);

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final AppHeaders headers;
  private final TunnelStream stream;
  private final Optional<String> upgrade;

  AppExchange(
      Request request,
      Response response,
      Callback callback,
      AppHeaders headers,
      TunnelStream stream) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.headers = headers;
    this.stream = stream;
    this.upgrade =
        Optional.ofNullable(request.getHeaders().get(HttpHeader.UPGRADE))
            .filter(_ -> request.getHeaders().contains(HttpHeader.CONNECTION, "upgrade"));
  }

  /// @param enter enters something that is open, with what breaks it off
  void run(Function<Runnable, AppStreams.Open> enter) {
    AppStreams.Open entry = enter.apply(stream::reset);
    boolean handedOver = false;
    try {
      handedOver = exchange(entry);
    } catch (HttpFormatException malformed) {
      stream.reset();
      AppFront.say(
          response,
          callback,
          502,
          "The port does not answer as HTTP does: " + malformed.getMessage());
    } catch (IOException | RuntimeException broken) {
      log.debug("an exchange with an app broke", broken);
      stream.reset();
      AppFront.say(response, callback, 502, "Nothing answers on this port: " + broken.getMessage());
    } finally {
      if (!handedOver) {
        entry.close();
        stream.close();
      }
    }
  }

  /// True when the stream belongs to the connection now, and the callback was called.
  private boolean exchange(AppStreams.Open entry) throws IOException {
    HttpHeaders.Builder sent =
        headers.request(request.getHeaders(), Request.getRemoteAddr(request));
    HttpField length = request.getHeaders().getField(HttpHeader.CONTENT_LENGTH);
    boolean chunked = length == null && request.getHeaders().contains("Transfer-Encoding");
    if (length != null) {
      sent.add("Content-Length", length.getValue());
    } else if (chunked) {
      sent.add("Transfer-Encoding", "chunked");
    }
    sent.add("Connection", upgrade.isPresent() ? "Upgrade" : "close");
    upgrade.ifPresent(protocol -> sent.add("Upgrade", protocol));
    HttpWriter writer = new HttpWriter(stream.output());
    writer.requestHead(request.getMethod(), target(), sent.build());
    Thread body =
        Thread.ofVirtual()
            .name("app-body")
            .start(() -> {
              if (length != null || chunked) {
                sendBody(chunked);
              }
            });
    try {
      HttpReader reader = new HttpReader(stream.input(), LIMITS);
      HttpHead.Response head = reader.response();
      response.setStatus(head.status());
      headers.response(head.headers(), response.getHeaders());
      if (head.status() == 101) {
        switchProtocols(head, reader.rest(), entry);
        return true;
      }
      if (HttpMethod.HEAD.is(request.getMethod())) {
        callback.succeeded();
        return false;
      }
      answer(reader.body(head));
      return false;
    } finally {
      body.interrupt();
    }
  }

  private String target() {
    String target = request.getHttpURI().getPathQuery();
    return target == null || !target.startsWith("/") ? "/" : target;
  }

  private void sendBody(boolean chunked) {
    try (InputStream in = Content.Source.asInputStream(request)) {
      OutputStream out = stream.output();
      byte[] bytes = new byte[COPY_BYTES];
      int n = in.read(bytes);
      while (n >= 0) {
        if (chunked && n > 0) {
          out.write((Integer.toHexString(n) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        out.write(bytes, 0, n);
        if (chunked && n > 0) {
          out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        n = in.read(bytes);
      }
      if (chunked) {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException gone) {
      log.debug("the body for an app ends early: {}", gone.getMessage());
    }
  }

  private void answer(InputStream body) throws IOException {
    try (OutputStream out = Content.Sink.asOutputStream(response)) {
      byte[] bytes = new byte[COPY_BYTES];
      int n = body.read(bytes);
      while (n >= 0) {
        out.write(bytes, 0, n);
        n = body.read(bytes);
      }
    }
    callback.succeeded();
  }

  /// Answers the switch, and carries bytes both ways until one side ends.
  private void switchProtocols(HttpHead.Response head, InputStream rest, AppStreams.Open entry)
      throws IOException {
    HttpFields.Mutable answer = response.getHeaders();
    answer.put(HttpHeader.CONNECTION, "Upgrade");
    answer.put(HttpHeader.UPGRADE, head.headers().one("Upgrade").orElse("websocket"));
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    Connection raw =
        new AppSwitched(endPoint, request.getComponents().getExecutor(), stream, rest, entry);
    request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, raw);
    response.write(true, null, callback);
  }
}
