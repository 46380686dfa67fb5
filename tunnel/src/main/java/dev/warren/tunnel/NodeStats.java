package dev.warren.tunnel;

/// What a node has counted since its start, for metrics.
///
/// @param switches changes of a peer's way, between relay and direct or between addresses
/// @param strange datagrams from nobody that is known, or that make no sense
/// @param unsendable datagrams that found no way out
public record NodeStats(
    long directSentBytes,
    long directReceivedBytes,
    long relaySentBytes,
    long relayReceivedBytes,
    long switches,
    long strange,
    long unsendable) {}
