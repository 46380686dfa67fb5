package dev.warren.scripted;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;

/// Writes frames of AWS's event stream: lengths and their CRC32, headers, payload, CRC32 of all.
final class FrameOut {
  private static final byte TYPE_STRING = 7;

  private FrameOut() {}

  static byte[] event(String type, String json) {
    return frame(Map.of(":message-type", "event", ":event-type", type), json);
  }

  static byte[] exception(String type, String json) {
    return frame(Map.of(":message-type", "exception", ":exception-type", type), json);
  }

  private static byte[] frame(Map<String, String> headers, String json) {
    byte[] payload = json.getBytes(StandardCharsets.UTF_8);
    ByteBuffer head = ByteBuffer.allocate(1024);
    headers.forEach((name, value) -> header(head, name, value));
    header(head, ":content-type", "application/json");
    head.flip();
    byte[] bytes = new byte[16 + head.remaining() + payload.length];
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    frame.putInt(bytes.length).putInt(head.remaining());
    frame.putInt(crc(bytes, frame.position()));
    frame.put(head).put(payload);
    frame.putInt(crc(bytes, frame.position()));
    return bytes;
  }

  private static void header(ByteBuffer to, String name, String value) {
    byte[] key = name.getBytes(StandardCharsets.US_ASCII);
    byte[] text = value.getBytes(StandardCharsets.US_ASCII);
    to.put((byte) key.length).put(key).put(TYPE_STRING).putShort((short) text.length).put(text);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
