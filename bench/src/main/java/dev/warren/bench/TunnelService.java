package dev.warren.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// What the far end of each transport does with a stream, and how the near end asks for it: one
/// byte says what, then `E` answers each block of 1 KiB with itself, `D` sends as many bytes as the
/// next eight say, `U` takes as many and answers with one byte.
final class TunnelService {
  static final int BLOCK_BYTES = 1024;
  private static final int BULK_BYTES = 64 * 1024;

  private TunnelService() {}

  static void serve(InputStream from, OutputStream to) throws IOException {
    DataInputStream in = new DataInputStream(from);
    byte[] block = new byte[BULK_BYTES];
    switch (in.read()) {
      case 'E' -> {
        while (in.readNBytes(block, 0, BLOCK_BYTES) == BLOCK_BYTES) {
          to.write(block, 0, BLOCK_BYTES);
        }
      }
      case 'D' -> {
        for (long left = in.readLong(); left > 0; left -= block.length) {
          to.write(block, 0, (int) Math.min(left, block.length));
        }
      }
      case 'U' -> {
        skip(in, in.readLong());
        to.write('K');
      }
      default -> {
        // A stream without a word: nothing is wanted.
      }
    }
  }

  static void download(InputStream in, OutputStream out, long bytes) throws IOException {
    out.write(request('D', bytes));
    skip(in, bytes);
  }

  static void upload(InputStream in, OutputStream out, long bytes) throws IOException {
    out.write(request('U', bytes));
    byte[] block = new byte[BULK_BYTES];
    for (long left = bytes; left > 0; left -= block.length) {
      out.write(block, 0, (int) Math.min(left, block.length));
    }
    if (in.read() != 'K') {
      throw new IOException("the upload was not acknowledged");
    }
  }

  /// One block there and back.
  static void exchange(InputStream in, OutputStream out) throws IOException {
    out.write(new byte[BLOCK_BYTES]);
    if (in.readNBytes(BLOCK_BYTES).length < BLOCK_BYTES) {
      throw new IOException("the block did not come back whole");
    }
  }

  private static byte[] request(char what, long bytes) {
    return java.nio.ByteBuffer.allocate(9).put((byte) what).putLong(bytes).array();
  }

  private static void skip(InputStream in, long bytes) throws IOException {
    byte[] block = new byte[BULK_BYTES];
    for (long left = bytes; left > 0; ) {
      int count = in.read(block, 0, (int) Math.min(left, block.length));
      if (count < 0) {
        throw new IOException("the stream ended with %d bytes missing".formatted(left));
      }
      left -= count;
    }
  }
}
