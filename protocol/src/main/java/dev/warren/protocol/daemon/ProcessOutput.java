package dev.warren.protocol.daemon;

/// `GET /v1/processes/{id}/output?wait_ms`: what a command wrote, standard output and error in one.
/// Invalid UTF-8, NUL and lone surrogates are U+FFFD.
///
/// @param head the first 16 KiB
/// @param omittedBytes between head and tail
/// @param tail the last 16 KiB of what follows the head, or empty
public record ProcessOutput(ProcessState process, String head, long omittedBytes, String tail) {}
