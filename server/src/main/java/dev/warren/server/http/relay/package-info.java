/// The relay's WebSockets on the control plane's own port: an adapter from Jetty's core WebSocket
/// to the relay's [dev.warren.tunnel.relay.RelayLink] and [dev.warren.tunnel.relay.RelaySession].
/// It knows frames and buffers, not who may attach or what a datagram is.
///
/// Fast because nothing is copied and little is written: a message leaves from the buffer that it
/// was read into, writes are batched, and a burst's receivers are flushed when the socket has no
/// more to read. Jetty's session API writes each message by a system call of its own, at a fifth of
/// the speed.
///
/// Threads: Jetty's. A connection's frames come one at a time; links are written from any thread.
@NullMarked
package dev.warren.server.http.relay;

import org.jspecify.annotations.NullMarked;
