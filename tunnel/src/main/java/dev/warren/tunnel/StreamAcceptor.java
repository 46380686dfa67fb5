package dev.warren.tunnel;

/// Serves the streams that approved peers open, each on a virtual thread of its own. When it
/// returns the stream is finished (both ways); when it throws the stream is reset.
@FunctionalInterface
public interface StreamAcceptor {
  /// For a node that only dials: refuses everything.
  StreamAcceptor NONE = stream -> stream.refuse("this node accepts no streams");

  /// Serves one stream whose kind this peer may open. `ping` and `speedtest` never come here: the
  /// node answers them.
  void accept(TunnelStream stream) throws Exception;
}
