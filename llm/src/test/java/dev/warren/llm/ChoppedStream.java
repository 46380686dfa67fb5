package dev.warren.llm;

import java.io.ByteArrayInputStream;
import java.util.Random;

/// Gives its bytes in pieces of random length.
public final class ChoppedStream extends ByteArrayInputStream {
  private final Random random;
  private final int lengthMax;

  public ChoppedStream(byte[] bytes, Random random, int lengthMax) {
    super(bytes);
    this.random = random;
    this.lengthMax = lengthMax;
  }

  @Override
  public synchronized int read(byte[] target, int offset, int length) {
    return super.read(target, offset, Math.min(length, 1 + random.nextInt(lengthMax)));
  }
}
