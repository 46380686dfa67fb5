package dev.warren.llm.http;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A connection to a provider: one HTTP/1.1 request after the other, blocking. On a virtual thread
/// an interrupt closes the socket at once. `close` may come from any thread, all else from one at a
/// time.
///
/// Written by hand because every event of a stream passes here: the JDK's client hands each piece
/// of a body through a selector thread, an executor and a queue, which at real pacing costs about
/// as much again (`docs/decisions/0010-own-http-client.md`).
final class HttpConnection implements Closeable {
  private static final int HEADER_LINE_BYTES_MAX = 16 * 1024;
  private static final int HEADERS_MAX = 200;
  private static final int CHUNK_DIGITS_MAX = 8;
  private static final int BUFFER_BYTES = 4 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;
  private boolean answered;

  private HttpConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  static HttpConnection open(Dialer dialer) throws IOException {
    Socket socket = dialer.dial();
    try {
      return new HttpConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// @param headers by lower-case name; of doubled ones the first
  record Response(int status, Map<String, String> headers, Body body) {
    Response {
      headers = Map.copyOf(headers);
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  /// Sends a request and reads the answer's head. Whatever answer was there before must be read to
  /// its end.
  Response send(byte[] request) throws IOException {
    answered = false;
    out.write(request);
    out.flush();
    while (true) {
      String[] words = line().split(" ", 3);
      if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5]\\d\\d")) {
        throw new IOException("the answer is not HTTP/1.1");
      }
      Map<String, String> headers = headers();
      int status = Integer.parseInt(words[1]);
      if (status >= 200) {
        return new Response(status, headers, new Body(status, headers, words[0]));
      }
    }
  }

  /// Whether any byte of the answer to the newest request has come.
  boolean answered() {
    return answered;
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() >= HEADERS_MAX) {
        throw new IOException("the answer's headers are not HTTP");
      }
      headers.putIfAbsent(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      while (start < end) {
        byte b = buffer[start++];
        if (b == '\n') {
          int length = line.length();
          if (length > 0 && line.charAt(length - 1) == '\r') {
            line.setLength(length - 1);
          }
          return line.toString();
        }
        line.append((char) (b & 0xff));
        if (line.length() > HEADER_LINE_BYTES_MAX) {
          throw new IOException("a line of the answer is too long");
        }
      }
      if (!fill()) {
        throw new EOFException("the connection was closed");
      }
    }
  }

  private int nextByte() throws IOException {
    if (start == end && !fill()) {
      throw new EOFException("the connection was closed");
    }
    return buffer[start++] & 0xff;
  }

  private boolean fill() throws IOException {
    int count = in.read(buffer, 0, buffer.length);
    start = 0;
    end = Math.max(0, count);
    answered |= count > 0;
    return count > 0;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  /// The body of one answer, without its framing. Closing it closes the connection.
  final class Body extends InputStream {
    private static final long UNTIL_CLOSE = Long.MAX_VALUE;

    private final boolean chunked;
    private final boolean keepAlive;
    private long left;
    private boolean afterChunk;
    private boolean ended;

    private Body(int status, Map<String, String> headers, String version) throws IOException {
      String length = headers.getOrDefault("content-length", "");
      chunked =
          headers
              .getOrDefault("transfer-encoding", "")
              .toLowerCase(Locale.ROOT)
              .contains("chunked");
      if (chunked) {
        left = 0;
      } else if (status == 204 || status == 304) {
        ended = true;
      } else if (length.isEmpty()) {
        left = UNTIL_CLOSE;
      } else if (length.matches("\\d{1,18}")) {
        left = Long.parseLong(length);
        ended = left == 0;
      } else {
        throw new IOException("the answer's length is no number");
      }
      keepAlive =
          left != UNTIL_CLOSE
              && version.equals("HTTP/1.1")
              && !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        // As the contract of streams has it: not to wait for a byte that is not wanted.
        return 0;
      }
      if (ended || (chunked && left == 0 && !nextChunk())) {
        return -1;
      }
      if (start == end && !fill()) {
        if (left == UNTIL_CLOSE) {
          ended = true;
          return -1;
        }
        throw new EOFException("the connection was closed within an answer");
      }
      int count = (int) Math.min(Math.min(length, end - start), left);
      System.arraycopy(buffer, start, target, offset, count);
      start += count;
      if (left != UNTIL_CLOSE) {
        left -= count;
        ended = left == 0 && !chunked;
      }
      return count;
    }

    private boolean nextChunk() throws IOException {
      if (afterChunk && !line().isEmpty()) {
        throw new IOException("a chunk of the answer is longer than it says");
      }
      afterChunk = true;
      left = chunkLength();
      if (left == 0) {
        headers();
        ended = true;
      }
      return !ended;
    }

    /// Hexadecimal digits, perhaps extensions behind a semicolon, the end of the line. Read byte by
    /// byte, since each event of an answer tends to be a chunk.
    private long chunkLength() throws IOException {
      long length = 0;
      int digits = 0;
      int b = nextByte();
      for (int digit = Character.digit(b, 16); digit >= 0; digit = Character.digit(b, 16)) {
        length = length * 16 + digit;
        digits++;
        if (digits > CHUNK_DIGITS_MAX) {
          break;
        }
        b = nextByte();
      }
      if (digits == 0 || digits > CHUNK_DIGITS_MAX || (b > ' ' && b != ';')) {
        throw new IOException("a chunk's length is no number");
      }
      for (int skipped = 0; b != '\n'; skipped++) {
        if (skipped > HEADER_LINE_BYTES_MAX) {
          throw new IOException("a line of the answer is too long");
        }
        b = nextByte();
      }
      return length;
    }

    /// Reads what is left of the body, when that is little and comes at once.
    ///
    /// @return whether the connection can carry another request
    boolean finish(Duration wait) {
      try {
        if (keepAlive && !ended) {
          socket.setSoTimeout(Math.toIntExact(wait.toMillis()));
          byte[] rest = new byte[BUFFER_BYTES];
          for (int i = 0; i < 16 && read(rest, 0, rest.length) >= 0; i++) {
            // An answer's last event is followed by the end of its body, and by little else.
          }
          socket.setSoTimeout(0);
        }
        return keepAlive && ended && start == end;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void close() {
      HttpConnection.this.close();
    }
  }

  /// Bytes of a POST of JSON.
  static byte[] post(URI uri, Map<String, String> headers, byte[] body) {
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    StringBuilder head =
        new StringBuilder("POST ").append(uri.getRawPath()).append(query).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(uri.getRawAuthority()).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Type: application/json\r\nContent-Length: ").append(body.length);
    head.append("\r\n\r\n");
    byte[] first = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] request = new byte[first.length + body.length];
    System.arraycopy(first, 0, request, 0, first.length);
    System.arraycopy(body, 0, request, first.length, body.length);
    return request;
  }
}
