package dev.warren.protocol.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Writes heads and bodies to a connection. A head and a small body leave in one write.
public final class HttpWriter {
  private final OutputStream out;

  public HttpWriter(OutputStream out) {
    this.out = out;
  }

  public void request(String method, String target, HttpHeaders headers, byte[] body)
      throws IOException {
    message(method + " " + target + " HTTP/1.1\r\n", headers, body);
  }

  /// A request's head alone; the caller then writes to [#body()] and flushes.
  public void requestHead(String method, String target, HttpHeaders headers) throws IOException {
    message(method + " " + target + " HTTP/1.1\r\n", headers, new byte[0]);
  }

  public void response(int status, HttpHeaders headers, byte[] body) throws IOException {
    message("HTTP/1.1 " + status + " " + reason(status) + "\r\n", headers, body);
  }

  public void interim100() throws IOException {
    out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  public OutputStream body() {
    return out;
  }

  private void message(String start, HttpHeaders headers, byte[] body) throws IOException {
    StringBuilder text = new StringBuilder(256).append(start);
    headers.appendTo(text);
    text.append("\r\n");
    byte[] head = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = java.util.Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    out.write(whole);
    out.flush();
  }

  /// The reason phrase of a status; clients ignore it, people read it.
  static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 201 -> "Created";
      case 204 -> "No Content";
      case 206 -> "Partial Content";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 413 -> "Content Too Large";
      case 415 -> "Unsupported Media Type";
      case 416 -> "Range Not Satisfiable";
      case 422 -> "Unprocessable Content";
      case 500 -> "Internal Server Error";
      case 507 -> "Insufficient Storage";
      default -> "Status";
    };
  }
}
