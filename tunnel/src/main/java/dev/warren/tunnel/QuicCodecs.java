package dev.warren.tunnel;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.tunnel.AttachProof;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.handler.ssl.ClientAuth;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Netty's QUIC codecs with our keys, windows and limits.
final class QuicCodecs {
  /// Packets of one size leave together: one system call by UDP, one write by the relay.
  static final SegmentedDatagramPacketAllocator SEGMENTS =
      new SegmentedDatagramPacketAllocator() {
        @Override
        public int maxNumSegments() {
          return SEGMENTS_MAX;
        }

        @Override
        public DatagramPacket newPacket(ByteBuf packets, int bytes, InetSocketAddress to) {
          return new SegmentedDatagramPacket(packets, bytes, to);
        }
      };

  private static final int SEGMENTS_MAX = 40;

  private QuicCodecs() {}

  /// @throws TunnelException when the native library does not load here
  static void ensureAvailable() throws TunnelException {
    if (!Quic.isAvailable()) {
      Throwable cause = Quic.unavailabilityCause();
      throw new TunnelException(
          TunnelException.Stage.NODE,
          "the native QUIC library does not load on %s %s (%s); it is there for Linux on x86-64 with glibc"
              .formatted(
                  System.getProperty("os.name"),
                  System.getProperty("os.arch"),
                  cause == null ? "no reason given" : rootMessage(cause)),
          cause == null ? new IllegalStateException("no cause") : cause);
    }
  }

  static ChannelHandler client(NodeIdentity identity, Predicate<NodeId> known) {
    QuicSslContext tls =
        QuicSslContextBuilder.forClient()
            .keyManager(identity.privateKey(), null, identity.certificate())
            .trustManager(new PinnedTrust(known))
            .applicationProtocols(StreamHeader.VERSION)
            .build();
    return common(new QuicClientCodecBuilder().sslContext(tls)).build();
  }

  static ChannelHandler server(
      NodeIdentity identity,
      Predicate<NodeId> known,
      ChannelHandler connections,
      ChannelHandler streams) {
    QuicSslContext tls =
        QuicSslContextBuilder.forServer(identity.privateKey(), null, identity.certificate())
            .trustManager(new PinnedTrust(known))
            .clientAuth(ClientAuth.REQUIRE)
            .applicationProtocols(StreamHeader.VERSION)
            .build();
    return common(new QuicServerCodecBuilder().sslContext(tls))
        // Addresses are the relay's word already: a token would prove nothing more.
        .tokenHandler(null)
        .handler(connections)
        .streamHandler(streams)
        .streamOption(ChannelOption.AUTO_READ, false)
        .build();
  }

  /// The node at the other end, by the key that it proved.
  static Optional<NodeId> peer(QuicChannel channel) {
    SSLEngine engine = channel.sslEngine();
    if (engine == null) {
      return Optional.empty();
    }
    try {
      Certificate[] chain = engine.getSession().getPeerCertificates();
      return chain.length == 1
          ? Optional.of(AttachProof.nodeId(chain[0].getPublicKey().getEncoded()))
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  private static <B extends QuicCodecBuilder<B>> B common(B builder) {
    return builder
        .congestionControlAlgorithm(QuicCongestionControlAlgorithm.CUBIC)
        .maxIdleTimeout(Limits.IDLE.toMillis(), TimeUnit.MILLISECONDS)
        .maxSendUdpPayloadSize(Limits.PAYLOAD_BYTES_MAX)
        .maxRecvUdpPayloadSize(Limits.PAYLOAD_BYTES_MAX)
        .initialMaxData(Limits.CONNECTION_WINDOW_BYTES)
        .initialMaxStreamDataBidirectionalLocal(Limits.STREAM_WINDOW_BYTES)
        .initialMaxStreamDataBidirectionalRemote(Limits.STREAM_WINDOW_BYTES)
        .initialMaxStreamsBidirectional(Limits.STREAMS_FROM_PEER)
        .initialMaxStreamsUnidirectional(0)
        .activeMigration(false);
  }

  private static String rootMessage(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
