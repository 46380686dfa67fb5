package dev.warren.scripted;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One HTTP/1.1 request, read whole.
///
/// @param headers by lower-case name
@SuppressWarnings("ArrayRecordComponent") // Read once; never compared.
record HttpRequest(String method, String path, Map<String, String> headers, byte[] body) {
  static final int LINE_BYTES_MAX = 64 * 1024;
  static final int HEADERS_MAX = 200;
  static final int BODY_BYTES_MAX = 64 * 1024 * 1024;

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  boolean keepAlive() {
    return !header("connection").map(c -> c.equalsIgnoreCase("close")).orElse(false);
  }

  /// The next request, or nothing when the client has closed the connection.
  static Optional<HttpRequest> read(InputStream in) throws IOException {
    Optional<String> first = line(in);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String[] words = first.get().split(" ");
    if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
      throw new IOException("no HTTP/1 request");
    }
    Map<String, String> headers = new TreeMap<>();
    if (words[2].equals("HTTP/1.0")) {
      headers.put("connection", "close");
    }
    for (String line = required(in); !line.isEmpty(); line = required(in)) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() >= HEADERS_MAX) {
        throw new IOException("no HTTP headers");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    String target = words[1];
    int query = target.indexOf('?');
    return Optional.of(
        new HttpRequest(
            words[0], query < 0 ? target : target.substring(0, query), headers, body(in, headers)));
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return chunked(in);
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return exactly(in, length);
  }

  private static byte[] chunked(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(required(in).split(";")[0].strip(), 16);
      if (length == 0) {
        while (!required(in).isEmpty()) {
          // Trailers mean nothing here.
        }
        return body.toByteArray();
      }
      body.write(exactly(in, length));
      if (body.size() > BODY_BYTES_MAX) {
        throw new IOException("the request is too long");
      }
      required(in);
    }
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    if (length < 0 || length > BODY_BYTES_MAX) {
      throw new IOException("the request is too long");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the request was cut");
    }
    return bytes;
  }

  private static String required(InputStream in) throws IOException {
    return line(in).orElseThrow(() -> new EOFException("the request was cut"));
  }

  private static Optional<String> line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int b = in.read();
    if (b < 0) {
      return Optional.empty();
    }
    while (b != '\n') {
      if (b < 0) {
        throw new EOFException("the request was cut");
      }
      if (line.length() >= LINE_BYTES_MAX) {
        throw new IOException("a line of the request is too long");
      }
      line.append((char) b);
      b = in.read();
    }
    int length = line.length();
    if (length > 0 && line.charAt(length - 1) == '\r') {
      line.setLength(length - 1);
    }
    return Optional.of(
        new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
  }
}
