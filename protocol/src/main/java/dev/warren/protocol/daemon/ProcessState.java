package dev.warren.protocol.daemon;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// A command that the daemon started, running or ended.
///
/// @param exitCode of an exited one; 128 + signal when a signal ended it
/// @param outputBytes all that it has written so far
/// @param outputPath the file in the workspace that holds the output; of a very long one its first
///   and last 4 MiB, with a hole between
public record ProcessState(
    UUID id,
    String command,
    String workdir,
    Status status,
    Optional<Integer> exitCode,
    Instant startedAt,
    Optional<Instant> endedAt,
    long outputBytes,
    String outputPath) {

  public enum Status {
    RUNNING,
    EXITED,
    /// The daemon ended it on request.
    KILLED,
    /// It was started, or may have been, and how it ended cannot be known.
    UNKNOWN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// `GET /v1/processes`, running first, then newest first.
  public record Listing(java.util.List<ProcessState> processes) {
    public Listing {
      processes = java.util.List.copyOf(processes);
    }
  }
}
