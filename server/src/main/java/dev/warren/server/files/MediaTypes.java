package dev.warren.server.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Tells what a file is by its first bytes; what the client says does not count.
final class MediaTypes {
  static final String TEXT = "text/plain";

  private MediaTypes() {}

  /// @return absent when it is nothing that can be attached
  static Optional<String> sniff(byte[] content) {
    if (begins(content, 0, "\u0089PNG\r\n\u001a\n")) {
      return Optional.of("image/png");
    }
    if (begins(content, 0, "\u00ff\u00d8\u00ff")) {
      return Optional.of("image/jpeg");
    }
    if (begins(content, 0, "GIF87a") || begins(content, 0, "GIF89a")) {
      return Optional.of("image/gif");
    }
    if (begins(content, 0, "RIFF") && begins(content, 8, "WEBP")) {
      return Optional.of("image/webp");
    }
    if (begins(content, 0, "%PDF-")) {
      return Optional.of("application/pdf");
    }
    return isText(content) ? Optional.of(TEXT) : Optional.empty();
  }

  private static boolean begins(byte[] content, int at, String magic) {
    byte[] bytes = magic.getBytes(StandardCharsets.ISO_8859_1);
    if (content.length < at + bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (content[at + i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /// UTF-8 without NUL.
  private static boolean isText(byte[] content) {
    for (byte b : content) {
      if (b == 0) {
        return false;
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
