package dev.warren.llm.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads frames of AWS's event stream (Smithy's specification of
/// `application/vnd.amazon.eventstream`): lengths of the frame and of its headers, their CRC32, the
/// headers, the payload, the CRC32 of all. A frame that is an exception is a failure of the
/// provider. A stream that ends within a frame ends before it. Used by one thread.
public final class FrameReader implements EventReader {
  /// The longest frame; AWS sends at most 16 MiB of payload.
  static final int FRAME_BYTES_MAX = 17 * 1024 * 1024;

  /// The most bytes of headers of a frame, as AWS has it.
  static final int HEADER_BYTES_MAX = 128 * 1024;

  /// The most bytes of one answer.
  static final long ANSWER_BYTES_MAX = SseReader.ANSWER_BYTES_MAX;

  // u32 length of the frame, u32 length of the headers, u32 CRC of these two
  private static final int PRELUDE_BYTES = 12;
  // u32 CRC of all before
  private static final int TRAILER_BYTES = 4;

  private static final int TYPE_STRING = 7;

  private final InputStream in;
  private final boolean wrapped;
  private long total;

  /// @param wrapped each payload is `{"bytes": …}` with another provider's event
  public FrameReader(InputStream in, boolean wrapped) {
    this.in = in;
    this.wrapped = wrapped;
  }

  @Override
  public Optional<WireEvent> next() throws IOException, StreamFailure {
    byte[] prelude = in.readNBytes(PRELUDE_BYTES);
    if (prelude.length < PRELUDE_BYTES) {
      return Optional.empty();
    }
    ByteBuffer head = ByteBuffer.wrap(prelude);
    int length = head.getInt();
    int headersLength = head.getInt();
    if (crc(prelude, PRELUDE_BYTES - 4) != head.getInt()) {
      throw StreamFailure.malformed("a frame whose length has a wrong checksum");
    }
    int restLength = length - PRELUDE_BYTES;
    if (length > FRAME_BYTES_MAX
        || headersLength < 0
        || headersLength > HEADER_BYTES_MAX
        || restLength < headersLength + TRAILER_BYTES) {
      throw StreamFailure.malformed("a frame with a length that none has");
    }
    total += length;
    if (total > ANSWER_BYTES_MAX) {
      throw new IOException("the stream is longer than " + ANSWER_BYTES_MAX + " bytes");
    }
    byte[] rest = in.readNBytes(restLength);
    if (rest.length < restLength) {
      return Optional.empty();
    }
    requireChecksum(prelude, rest);
    Map<String, String> headers = headers(ByteBuffer.wrap(rest, 0, headersLength));
    byte[] payload = new byte[restLength - headersLength - TRAILER_BYTES];
    System.arraycopy(rest, headersLength, payload, 0, payload.length);
    return Optional.of(event(headers, payload));
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static void requireChecksum(byte[] prelude, byte[] rest) throws StreamFailure {
    CRC32 crc = new CRC32();
    crc.update(prelude, 0, PRELUDE_BYTES);
    crc.update(rest, 0, rest.length - TRAILER_BYTES);
    int sent = ByteBuffer.wrap(rest, rest.length - TRAILER_BYTES, TRAILER_BYTES).getInt();
    if ((int) crc.getValue() != sent) {
      throw StreamFailure.malformed("a frame with a wrong checksum");
    }
  }

  /// Those that are strings; the others are skipped.
  private static Map<String, String> headers(ByteBuffer bytes) throws StreamFailure {
    Map<String, String> headers = new HashMap<>();
    while (bytes.hasRemaining()) {
      String name = text(bytes, need(bytes, 1).get() & 0xff);
      int type = need(bytes, 1).get();
      int length =
          switch (type) {
            case 0, 1 -> 0; // true, false
            case 2 -> 1; // byte
            case 3 -> 2; // short
            case 4 -> 4; // int
            case 5, 8 -> 8; // long, timestamp
            case 6, TYPE_STRING -> need(bytes, 2).getShort() & 0xffff; // bytes, string
            case 9 -> 16; // UUID
            default -> throw StreamFailure.malformed("a frame with a header of an unknown type");
          };
      String value = text(bytes, length);
      if (type == TYPE_STRING) {
        headers.put(name, value);
      }
    }
    return headers;
  }

  private static String text(ByteBuffer bytes, int length) throws StreamFailure {
    byte[] text = new byte[length];
    need(bytes, length).get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static ByteBuffer need(ByteBuffer bytes, int count) throws StreamFailure {
    if (bytes.remaining() < count) {
      throw StreamFailure.malformed("a frame whose headers are cut");
    }
    return bytes;
  }

  private WireEvent event(Map<String, String> headers, byte[] payload) throws StreamFailure {
    String text = new String(payload, StandardCharsets.UTF_8);
    return switch (headers.getOrDefault(":message-type", "event")) {
      case "exception" -> throw failure(headers.getOrDefault(":exception-type", ""), text);
      case "error" -> {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("message", headers.getOrDefault(":error-message", ""));
        throw failure(headers.getOrDefault(":error-code", ""), body.toString());
      }
      default ->
          new WireEvent(
              headers.getOrDefault(":event-type", "message"), wrapped ? unwrapped(text) : text);
    };
  }

  private static StreamFailure failure(String type, String json) {
    ObjectNode body = WireJson.object(json).orElseGet(JsonNodeFactory.instance::objectNode);
    return new StreamFailure(Failures.Detail.of(0, body, "").withType(type));
  }

  private static String unwrapped(String json) throws StreamFailure {
    String base64 =
        WireJson.object(json).map(object -> WireJson.string(object, "bytes")).orElse("");
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw StreamFailure.malformed("a frame whose content is no Base64");
    }
  }
}
