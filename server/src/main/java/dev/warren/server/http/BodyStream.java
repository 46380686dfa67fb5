package dev.warren.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/// The body of a streamed answer: gathers small writes, sends on flush or when full.
final class BodyStream extends OutputStream {
  private static final int BUFFER_BYTES = 32 * 1024;

  private final Answers answers;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  BodyStream(Answers answers) {
    this.answers = answers;
  }

  @Override
  public void write(int b) throws IOException {
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.put((byte) b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > buffer.remaining()) {
      flush();
    }
    if (length > BUFFER_BYTES) {
      answers.write(ByteBuffer.wrap(bytes, offset, length));
      return;
    }
    buffer.put(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    if (buffer.position() > 0) {
      answers.write(buffer.flip());
      buffer.clear();
    }
  }
}
