package dev.warren.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamFrame;

/// The end of a stream's output: one byte that carries the FIN, which the reader takes off again.
///
/// A FIN without a byte of its own may never leave: quiche forgets a stream as soon as all of its
/// bytes are acknowledged, and the FIN with it when it still waits then (cloudflare/quiche#2525). A
/// byte that is not acknowledged keeps the stream, and is sent again together with its FIN.
final class StreamEnd {
  private static final byte MARK = 0;

  private StreamEnd() {}

  /// The last frame of a stream.
  static QuicStreamFrame frame() {
    return new DefaultQuicStreamFrame(
        ByteBufAllocator.DEFAULT.directBuffer(1).writeByte(MARK), true);
  }

  /// Takes the mark off the content of the frame that carries the FIN.
  ///
  /// @return whether it was there: if not, the peer dropped the stream and did not end it
  static boolean strip(ByteBuf last) {
    if (!last.isReadable()) {
      return false;
    }
    last.writerIndex(last.writerIndex() - 1);
    return true;
  }
}
