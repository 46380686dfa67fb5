/// Nodes named by keys, and streams between them. It owns QUIC with pinned keys, the magic socket
/// beneath it (which today has one path, the relay), the attach connection with its reconnecting,
/// and the blocking streams on top. It knows neither what streams carry nor who may open them
/// beyond what the relay's coordination frames say.
///
/// Threads: each [TunnelNode] has one event loop, on which all its packets, TLS and timers run.
/// Callers block on their own (virtual) threads; each accepted stream gets a virtual thread.
@NullMarked
package dev.warren.tunnel;

import org.jspecify.annotations.NullMarked;
