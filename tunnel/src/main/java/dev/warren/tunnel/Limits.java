package dev.warren.tunnel;

import java.time.Duration;

/// The named limits of a node. Memory that a connection may take is bounded by quiche's own largest
/// windows (16 MiB a stream, 24 MiB a connection, reached only by a peer that keeps a long fat path
/// full and whose data is read); it starts with the windows here.
final class Limits {
  /// UDP payload that passes any path unfragmented (RFC 9000, section 14): where a direct path
  /// begins.
  static final int PAYLOAD_BYTES = 1200;

  /// Largest packet: by the relay, which has no such limit, and on a direct path that has proved
  /// it. One fits into a message that the relay copies into its write buffer.
  static final int PAYLOAD_BYTES_MAX = 16_000;

  /// Bytes that a peer may send on one stream before the first window update.
  static final int STREAM_WINDOW_BYTES = 1024 * 1024;

  /// The same for all streams of a connection together.
  static final int CONNECTION_WINDOW_BYTES = 4 * 1024 * 1024;

  /// Streams that this node opens on one connection at once; more wait.
  static final int STREAMS_TO_PEER = 256;

  /// Of these, those that people keep open: terminals, ssh, forwarded connections. The rest is for
  /// requests, an agent's tools among them.
  static final int LASTING_STREAMS_TO_PEER = 192;

  /// Streams that one connection of a peer may have open here. More than it opens by itself, since
  /// QUIC gives credit back only when half of it is used up by streams that were seen.
  static final int STREAMS_FROM_PEER = 1024;

  /// Streams that all peers together may have open here.
  static final int STREAMS_ACCEPTED = 4096;

  /// Connections that one peer may have open here; the oldest goes.
  static final int CONNECTIONS_PER_PEER = 8;

  /// A connection without a packet for so long is dead. Above a minute, so that an open stream
  /// survives one without network.
  static final Duration IDLE = Duration.ofMinutes(2);

  /// A connection without a stream for so long is closed by the side that dialed it.
  static final Duration UNUSED = Duration.ofSeconds(90);

  /// Streams that may have been broken off unread before a connection is renewed: Netty keeps an
  /// entry of each, some KiB, until the connection ends.
  static final int BROKEN_STREAMS = 2048;

  /// The ways to a peer are remembered for so long after its last connection.
  static final Duration REMEMBERED = Duration.ofSeconds(30);

  /// While streams are open, the dialing side pings so often.
  static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /// A peer that is there answers a ping within this, or has no such connection any more.
  static final Duration VERIFY = Duration.ofSeconds(10);

  /// Longest dial, whoever waits for it.
  static final Duration DIAL = Duration.ofSeconds(30);

  /// From a stream's opening to its whole header, on the accepting side.
  static final Duration HEADER = Duration.ofSeconds(15);

  /// Longest target, and longest reason of a refusal, in bytes of UTF-8.
  static final int TEXT_BYTES = 1024;

  /// Bytes of a stream that wait here for their reader before no more is taken from QUIC.
  static final int UNREAD_BYTES = 256 * 1024;

  /// Bytes of a stream that wait here for QUIC before its writer waits.
  static final int UNSENT_BYTES = 256 * 1024;

  /// A stream that has sent so much without its queue running empty is a bulk transfer.
  static final int BURST_BYTES = 512 * 1024;

  /// Largest piece in which a write is handed to QUIC.
  static final int WRITE_BYTES = 32 * 1024;

  /// After a close, input that still comes is thrown away up to this, then the peer is told to
  /// stop.
  static final int DISCARD_BYTES = 64 * 1024;

  /// And no longer than this.
  static final Duration DISCARD = Duration.ofSeconds(10);

  /// Bytes in the WebSocket's send buffer above which datagrams are dropped.
  static final int RELAY_UNSENT_BYTES = 256 * 1024;

  /// From the start of a WebSocket to `attached`.
  static final Duration ATTACH = Duration.ofSeconds(15);

  /// Of that, for the TCP connection: short, so that the next try comes soon after a network that
  /// swallowed this one is back.
  static final Duration CONNECT = Duration.ofSeconds(5);

  /// The relay pings every 10 s; one that was silent for so long is gone.
  static final Duration RELAY_SILENCE = Duration.ofSeconds(30);

  /// How often the WebSocket to the relay is looked after.
  static final Duration RELAY_LOOK = Duration.ofSeconds(1);

  /// Datagrams that left, and nothing heard for so long: the relay is pinged.
  static final Duration RELAY_UNANSWERED = Duration.ofSeconds(3);

  /// The relay's host answers a ping at once; without an answer within this its WebSocket is cut.
  static final Duration RELAY_ANSWER = Duration.ofSeconds(3);

  /// First and longest pause before attaching again.
  static final Duration BACKOFF_FIRST = Duration.ofMillis(250);

  static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

  private Limits() {}
}
