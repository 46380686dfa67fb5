package dev.warren.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Cursors as clients see them: opaque, safe in a URL.
final class Cursors {
  private Cursors() {}

  static String encode(String cursor) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(cursor.getBytes(StandardCharsets.UTF_8));
  }

  static String decode(String text) {
    try {
      return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problems.badInput("cursor", "is not a cursor; take next_cursor of the answer before");
    }
  }
}
