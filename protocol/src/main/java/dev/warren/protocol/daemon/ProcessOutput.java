package dev.warren.protocol.daemon;

import java.util.List;

/// `GET /v1/processes/{id}/output?wait_ms&seen_bytes`: what a command wrote, standard output and
/// error in one. Waits at most `wait_ms` (60,000 at most) for its end, or with `seen_bytes` for
/// more output than that. Invalid UTF-8 and NUL are U+FFFD.
///
/// @param head the first 16 KiB
/// @param omittedBytes between head and tail
/// @param tail the last 16 KiB of what follows the head, or empty
/// @param notable lines of the omitted part that look like errors, oldest first, at most 4 KiB
public record ProcessOutput(
    ProcessState process, String head, long omittedBytes, String tail, List<String> notable) {
  public ProcessOutput {
    notable = List.copyOf(notable);
  }
}
