package dev.warren.protocol.tunnel;

import dev.warren.protocol.NodeId;
import java.nio.ByteBuffer;

/// A node's id as four longs, for looking it up in a binary message without making a string.
public record NodeKey(long first, long second, long third, long fourth) {
  public static NodeKey of(NodeId id) {
    return at(ByteBuffer.wrap(id.bytes()), 0);
  }

  /// The id at this place of a buffer in network order; moves no position.
  public static NodeKey at(ByteBuffer buffer, int index) {
    return new NodeKey(
        buffer.getLong(index),
        buffer.getLong(index + 8),
        buffer.getLong(index + 16),
        buffer.getLong(index + 24));
  }

  /// Whether this id stands at this place.
  public boolean isAt(ByteBuffer buffer, int index) {
    return buffer.getLong(index) == first
        && buffer.getLong(index + 8) == second
        && buffer.getLong(index + 16) == third
        && buffer.getLong(index + 24) == fourth;
  }

  /// Writes the id at this place; moves no position.
  public void putAt(ByteBuffer buffer, int index) {
    buffer.putLong(index, first);
    buffer.putLong(index + 8, second);
    buffer.putLong(index + 16, third);
    buffer.putLong(index + 24, fourth);
  }

  public NodeId toNodeId() {
    ByteBuffer bytes = ByteBuffer.allocate(NodeId.BYTES);
    putAt(bytes, 0);
    return NodeId.of(bytes.array());
  }

  /// Spread already: the bits are those of a hash.
  @Override
  public int hashCode() {
    return (int) first;
  }
}
