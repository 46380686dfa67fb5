package dev.warren.protocol.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// A message's body; it ends where the body ends and never reads past it.
abstract sealed class BodyStream extends InputStream {
  final InputStream in;

  private BodyStream(InputStream in) {
    this.in = in;
  }

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public abstract int read(byte[] target, int offset, int length) throws IOException;

  /// A body of a known length.
  static final class Fixed extends BodyStream {
    private long left;

    Fixed(InputStream in, long bytes) {
      super(in);
      this.left = bytes;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = in.read(target, offset, (int) Math.min(length, left));
      if (n < 0) {
        throw new EOFException("the body ends " + left + " bytes early");
      }
      left -= n;
      return n;
    }
  }

  /// A chunked body (RFC 9112, section 7.1); extensions and trailers are read and dropped.
  static final class Chunked extends BodyStream {
    /// Longest line of a chunk's size with its extensions, and of a trailer.
    private static final int LINE_BYTES_MAX = 1024;

    private static final int TRAILERS_MAX = 16;

    private final HttpReader lines;
    private final long bytesMax;
    private long total;
    private long chunkLeft;
    private boolean first = true;
    private boolean done;

    Chunked(HttpReader lines, InputStream in, long bytesMax) {
      super(in);
      this.lines = lines;
      this.bytesMax = bytesMax;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!done && chunkLeft == 0) {
        nextChunk();
      }
      if (done) {
        return -1;
      }
      int n = in.read(target, offset, (int) Math.min(length, chunkLeft));
      if (n < 0) {
        throw new EOFException("the body ends in the middle of a chunk");
      }
      chunkLeft -= n;
      return n;
    }

    private void nextChunk() throws IOException {
      if (!first && !lines.line(2, 400).isEmpty()) {
        throw new HttpFormatException(400, "a chunk is longer than its size");
      }
      first = false;
      String line = lines.line(LINE_BYTES_MAX, 400);
      int end = line.indexOf(';');
      String size = (end < 0 ? line : line.substring(0, end)).strip();
      if (size.isEmpty() || size.length() > 12 || !size.matches("[0-9a-fA-F]+")) {
        throw new HttpFormatException(400, "no chunk size");
      }
      chunkLeft = Long.parseLong(size, 16);
      total += chunkLeft;
      if (total > bytesMax) {
        throw new HttpFormatException(413, "a body of over " + bytesMax + " bytes");
      }
      if (chunkLeft == 0) {
        for (int i = 0; !lines.line(LINE_BYTES_MAX, 400).isEmpty(); i++) {
          if (i >= TRAILERS_MAX) {
            throw new HttpFormatException(400, "more than " + TRAILERS_MAX + " trailers");
          }
        }
        done = true;
      }
    }
  }

  /// A response's body without a length: up to the end of the connection.
  static final class ToEnd extends BodyStream {
    private final long bytesMax;
    private long total;

    ToEnd(InputStream in, long bytesMax) {
      super(in);
      this.bytesMax = bytesMax;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = in.read(target, offset, length);
      total += Math.max(n, 0);
      if (total > bytesMax) {
        throw new HttpFormatException(502, "a body of over " + bytesMax + " bytes");
      }
      return n;
    }
  }
}
