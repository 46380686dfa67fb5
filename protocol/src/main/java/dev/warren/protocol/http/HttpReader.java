package dev.warren.protocol.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads messages one after the other from a connection. A body has to be read to its end, or
/// [#drain]ed, before the next head.
public final class HttpReader {
  private final InputStream in;
  private final HttpLimits limits;

  public HttpReader(InputStream in, HttpLimits limits) {
    this.in = new BufferedInputStream(in, 16 * 1024);
    this.limits = limits;
  }

  /// The next request; empty when the peer ended the connection between two requests.
  public Optional<HttpHead.Request> request() throws IOException {
    Optional<String> line = firstLine();
    if (line.isEmpty()) {
      return Optional.empty();
    }
    String[] parts = line.get().split(" ", -1);
    if (parts.length != 3 || !HttpHeaders.isToken(parts[0])) {
      throw new HttpFormatException(400, "no request line: " + brief(line.get()));
    }
    if (!parts[2].equals("HTTP/1.1")) {
      throw new HttpFormatException(505, "HTTP/1.1 is spoken here, not " + brief(parts[2]));
    }
    if (!parts[1].startsWith("/")) {
      throw new HttpFormatException(
          400, "the target starts with /, this one is " + brief(parts[1]));
    }
    return Optional.of(new HttpHead.Request(parts[0], parts[1], headers()));
  }

  /// The next response that is no `1xx`, or one that switches protocols. HTTP/1.0 is understood
  /// too.
  public HttpHead.Response response() throws IOException {
    for (int informational = 0; informational < 8; informational++) {
      String line =
          firstLine().orElseThrow(() -> new EOFException("the peer ended the connection"));
      if (!(line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 "))
          || line.length() < 12
          || !line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9')
          || (line.length() > 12 && line.charAt(12) != ' ')) {
        throw new HttpFormatException(502, "no status line: " + brief(line));
      }
      int status = Integer.parseInt(line.substring(9, 12));
      HttpHeaders headers = headers();
      if (status >= 200 || status == 101) {
        return new HttpHead.Response(status, headers);
      }
    }
    throw new HttpFormatException(502, "more than 8 informational responses");
  }

  /// The body that follows a request's head; empty without a length.
  public InputStream body(HttpHead.Request head) throws IOException {
    return body(head.headers()).orElse(InputStream.nullInputStream());
  }

  /// The body that follows a response's head; without a length it goes on to the connection's end.
  public InputStream body(HttpHead.Response head) throws IOException {
    if (head.status() == 204 || head.status() == 304) {
      return InputStream.nullInputStream();
    }
    return body(head.headers()).orElseGet(() -> new BodyStream.ToEnd(in, limits.bodyBytesMax()));
  }

  private Optional<InputStream> body(HttpHeaders headers) throws IOException {
    Optional<String> coding = headers.one("Transfer-Encoding");
    Optional<String> length = headers.one("Content-Length");
    if (coding.isPresent()) {
      if (length.isPresent()) {
        throw new HttpFormatException(400, "Content-Length beside Transfer-Encoding");
      }
      if (!coding.get().equalsIgnoreCase("chunked")) {
        throw new HttpFormatException(
            501, "no transfer coding but chunked: " + brief(coding.get()));
      }
      return Optional.of(new BodyStream.Chunked(this, in, limits.bodyBytesMax()));
    }
    if (length.isEmpty()) {
      return Optional.empty();
    }
    String digits = length.get();
    if (digits.isEmpty()
        || digits.length() > 18
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new HttpFormatException(400, "no Content-Length: " + brief(digits));
    }
    long bytes = Long.parseLong(digits);
    if (bytes > limits.bodyBytesMax()) {
      throw new HttpFormatException(
          413, "a body of " + bytes + " bytes; at most " + limits.bodyBytesMax() + " are read");
    }
    return Optional.of(new BodyStream.Fixed(in, bytes));
  }

  /// What follows a head that switched protocols.
  public InputStream rest() {
    return in;
  }

  /// Reads and drops what is left of a body, up to `bytesMax`; false when there is more.
  public static boolean drain(InputStream body, long bytesMax) throws IOException {
    byte[] sink = new byte[8192];
    long left = bytesMax;
    while (left > 0) {
      int n = body.read(sink, 0, (int) Math.min(sink.length, left));
      if (n < 0) {
        return true;
      }
      left -= n;
    }
    return body.read() < 0;
  }

  private Optional<String> firstLine() throws IOException {
    in.mark(1);
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    in.reset();
    return Optional.of(line(limits.lineBytesMax(), 414));
  }

  private HttpHeaders headers() throws IOException {
    HttpHeaders.Builder headers = new HttpHeaders.Builder();
    int bytes = 0;
    while (true) {
      String line = line(limits.lineBytesMax(), 431);
      if (line.isEmpty()) {
        return headers.build();
      }
      bytes += line.length() + 2;
      if (bytes > limits.headerBytesMax() || headers.size() >= limits.headersMax()) {
        throw new HttpFormatException(
            431,
            "more than %d headers or %d bytes of them"
                .formatted(limits.headersMax(), limits.headerBytesMax()));
      }
      int colon = line.indexOf(':');
      if (colon <= 0 || !HttpHeaders.isToken(line.substring(0, colon))) {
        throw new HttpFormatException(400, "no header: " + brief(line));
      }
      try {
        headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
      } catch (IllegalArgumentException bad) {
        throw new HttpFormatException(400, String.valueOf(bad.getMessage()));
      }
    }
  }

  /// One line without its CRLF, as Latin-1.
  String line(int bytesMax, int statusOverLimit) throws IOException {
    byte[] line = new byte[128];
    int size = 0;
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the peer ended the connection in the middle of a head");
      }
      if (b == '\n') {
        if (size == 0 || line[size - 1] != '\r') {
          throw new HttpFormatException(400, "a line ends with a bare line feed");
        }
        return new String(line, 0, size - 1, StandardCharsets.ISO_8859_1);
      }
      if (size >= bytesMax) {
        throw new HttpFormatException(statusOverLimit, "a line of over " + bytesMax + " bytes");
      }
      if (size == line.length) {
        line = java.util.Arrays.copyOf(line, size * 2);
      }
      line[size++] = (byte) b;
    }
  }

  private static String brief(String text) {
    String start = text.length() <= 60 ? text : text.substring(0, 60) + "…";
    return start.replaceAll("[\\p{Cntrl}]", "?");
  }
}
