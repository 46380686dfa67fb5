package dev.warren.llm.wire;

import java.io.IOException;
import java.util.Optional;

/// Reads the events of an answer from its bytes. Used by one thread.
public interface EventReader {

  /// The next event, or nothing when the stream has ended.
  ///
  /// @throws StreamFailure when the framing itself says that the provider failed
  Optional<WireEvent> next() throws IOException, StreamFailure;
}
