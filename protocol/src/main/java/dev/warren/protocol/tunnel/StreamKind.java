package dev.warren.protocol.tunnel;

import java.util.Locale;
import java.util.Optional;

/// What a tunnel stream carries; the opener names it first, and an approval lists the kinds that a
/// dialer may open.
public enum StreamKind {
  /// HTTP/1.1 to the daemon's API.
  HTTP(1),
  /// The SSH protocol.
  SSH(2),
  /// A web terminal; the target names the session.
  TERMINAL(3),
  /// Bytes to a TCP port of the workspace; the target is `HOST:PORT`.
  TCP(4),
  /// Echo, for latency.
  PING(5),
  /// Bulk in one direction, for throughput; the target says which.
  SPEEDTEST(6);

  private final byte code;

  StreamKind(int code) {
    this.code = (byte) code;
  }

  /// The byte that stands for it in a stream's header.
  public byte code() {
    return code;
  }

  public static Optional<StreamKind> ofCode(byte code) {
    for (StreamKind kind : values()) {
      if (kind.code == code) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /// Its name in JSON and in messages.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
