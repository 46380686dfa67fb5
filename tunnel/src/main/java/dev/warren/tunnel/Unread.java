package dev.warren.tunnel;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/// Bytes that came and were not read. Counts the memory of its buffers, not their content, and
/// fills what is left of the last one first: tiny frames must not cost more than they count. Not
/// thread-safe; its pipe's lock guards it.
final class Unread {
  private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>();
  private int memoryBytes;

  boolean isEmpty() {
    return buffers.isEmpty();
  }

  /// Memory that is held.
  int memoryBytes() {
    return memoryBytes;
  }

  /// Bytes that one [#read] can give at least.
  int available() {
    ByteBuf head = buffers.peek();
    return head == null ? 0 : head.readableBytes();
  }

  /// Takes the buffer over.
  void add(ByteBuf bytes) {
    ByteBuf last = buffers.peekLast();
    if (last != null && last.writableBytes() >= bytes.readableBytes()) {
      last.writeBytes(bytes);
      bytes.release();
      return;
    }
    buffers.add(bytes);
    memoryBytes += bytes.capacity();
  }

  /// Reads some of what is there, which is not nothing.
  int read(byte[] into, int offset, int length) {
    ByteBuf head = buffers.element();
    int count = Math.min(length, head.readableBytes());
    head.readBytes(into, offset, count);
    if (!head.isReadable()) {
      buffers.remove();
      memoryBytes -= head.capacity();
      head.release();
    }
    return count;
  }

  void release() {
    buffers.forEach(ByteBuf::release);
    buffers.clear();
    memoryBytes = 0;
  }
}
