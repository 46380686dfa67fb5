/// The relay's core: admits nodes that prove their keys, and forwards their datagrams between pairs
/// that the coordinator approved. It owns the table of attached nodes and pairs, the bounded queue
/// in front of each receiver, and the counters. It knows neither a server nor a socket: an adapter
/// gives it a [RelayLink] a connection and calls the [RelaySession] that it gets back, and an
/// [Admission] says who may come. It never looks into a datagram, which is QUIC between the two
/// ends.
///
/// Threads: a session's methods are called by its adapter, one at a time a session; links are
/// called from any thread. `Relay`'s lock guards the table and is never held over a link's or an
/// admission's method. Admissions run on virtual threads of their own.
@NullMarked
package dev.warren.tunnel.relay;

import org.jspecify.annotations.NullMarked;
