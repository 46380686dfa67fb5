package dev.warren.protocol.daemon;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// What travels on a `terminal` stream, both ways: a byte of kind, three of length, then so many
/// bytes.
public sealed interface TerminalFrame {
  /// Longest payload.
  int BYTES_MAX = 64 * 1024;

  int HEADER_BYTES = 4;
  int DATA = 0;
  int RESIZE = 1;
  int EXIT = 2;

  /// What is typed, or printed.
  record Data(byte[] bytes) implements TerminalFrame {}

  /// From a viewer: the size that it has room for. To a viewer: the size that the terminal has now.
  record Resize(int columns, int rows) implements TerminalFrame {}

  /// To a viewer: the shell has ended, as `$?` says it; nothing follows. From a viewer: hang up.
  record Exit(int code) implements TerminalFrame {}

  /// Writes it in one piece.
  default void writeTo(OutputStream out) throws IOException {
    out.write(
        switch (this) {
          case Data(byte[] bytes) -> framed(DATA, bytes);
          case Resize(int columns, int rows) ->
              framed(
                  RESIZE,
                  ByteBuffer.allocate(4).putShort((short) columns).putShort((short) rows).array());
          case Exit(int code) -> framed(EXIT, ByteBuffer.allocate(4).putInt(code).array());
        });
  }

  private static byte[] framed(int kind, byte[] payload) {
    if (payload.length > BYTES_MAX) {
      throw new IllegalArgumentException("a terminal's frame of " + payload.length + " bytes");
    }
    ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + payload.length);
    return frame.putInt((kind << 24) | payload.length).put(payload).array();
  }

  /// Reads the next one; empty at the end.
  ///
  /// @throws IOException when what comes is no such frame
  static Optional<TerminalFrame> read(InputStream in) throws IOException {
    int kind = in.read();
    if (kind < 0) {
      return Optional.empty();
    }
    DataInputStream data = new DataInputStream(in);
    int length = (data.readUnsignedByte() << 16) | data.readUnsignedShort();
    if (length > BYTES_MAX) {
      throw new IOException("a terminal's frame of " + length + " bytes; at most " + BYTES_MAX);
    }
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw new EOFException("a terminal's frame was cut");
    }
    ByteBuffer buffer = ByteBuffer.wrap(payload);
    if (kind == DATA) {
      return Optional.of(new Data(payload));
    }
    if (kind == RESIZE && length == 4) {
      return Optional.of(
          new Resize(
              Short.toUnsignedInt(buffer.getShort()), Short.toUnsignedInt(buffer.getShort())));
    }
    if (kind == EXIT && length == 4) {
      return Optional.of(new Exit(buffer.getInt()));
    }
    throw new IOException("a terminal's frame of kind " + kind + " and " + length + " bytes");
  }
}
