package dev.warren.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.function.IntSupplier;

/// Hands a QUIC connection the buffers for its packets, each as large as the way to the peer takes
/// just now: quiche fills what it gets. So packets grow and shrink with the path, though the
/// connection was told one largest size.
final class PayloadAllocator implements ByteBufAllocator {
  private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
  private final IntSupplier payloadBytes;

  PayloadAllocator(IntSupplier payloadBytes) {
    this.payloadBytes = payloadBytes;
  }

  /// What the codec calls for a packet; nothing else of a connection is near to that large.
  @Override
  public ByteBuf directBuffer(int initialCapacity) {
    return initialCapacity > Limits.PAYLOAD_BYTES
        ? allocator.directBuffer(Math.min(initialCapacity, payloadBytes.getAsInt()))
        : allocator.directBuffer(initialCapacity);
  }

  @Override
  public ByteBuf buffer() {
    return allocator.buffer();
  }

  @Override
  public ByteBuf buffer(int initialCapacity) {
    return allocator.buffer(initialCapacity);
  }

  @Override
  public ByteBuf buffer(int initialCapacity, int maxCapacity) {
    return allocator.buffer(initialCapacity, maxCapacity);
  }

  @Override
  public ByteBuf ioBuffer() {
    return allocator.ioBuffer();
  }

  @Override
  public ByteBuf ioBuffer(int initialCapacity) {
    return allocator.ioBuffer(initialCapacity);
  }

  @Override
  public ByteBuf ioBuffer(int initialCapacity, int maxCapacity) {
    return allocator.ioBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public ByteBuf heapBuffer() {
    return allocator.heapBuffer();
  }

  @Override
  public ByteBuf heapBuffer(int initialCapacity) {
    return allocator.heapBuffer(initialCapacity);
  }

  @Override
  public ByteBuf heapBuffer(int initialCapacity, int maxCapacity) {
    return allocator.heapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public ByteBuf directBuffer() {
    return allocator.directBuffer();
  }

  @Override
  public ByteBuf directBuffer(int initialCapacity, int maxCapacity) {
    return allocator.directBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public CompositeByteBuf compositeBuffer() {
    return allocator.compositeBuffer();
  }

  @Override
  public CompositeByteBuf compositeBuffer(int maxNumComponents) {
    return allocator.compositeBuffer(maxNumComponents);
  }

  @Override
  public CompositeByteBuf compositeHeapBuffer() {
    return allocator.compositeHeapBuffer();
  }

  @Override
  public CompositeByteBuf compositeHeapBuffer(int maxNumComponents) {
    return allocator.compositeHeapBuffer(maxNumComponents);
  }

  @Override
  public CompositeByteBuf compositeDirectBuffer() {
    return allocator.compositeDirectBuffer();
  }

  @Override
  public CompositeByteBuf compositeDirectBuffer(int maxNumComponents) {
    return allocator.compositeDirectBuffer(maxNumComponents);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return allocator.isDirectBufferPooled();
  }

  @Override
  public int calculateNewCapacity(int minNewCapacity, int maxCapacity) {
    return allocator.calculateNewCapacity(minNewCapacity, maxCapacity);
  }
}
