/// How two nodes find a direct path and decide when to trust it: the choice itself
/// ([PathSelector]), the sealed probes by which a path proves itself ([Probe], [ProbeKeys]), and
/// the question after one's own address ([AddressQuestion]).
///
/// Nothing here opens a socket, starts a thread or reads a clock: time comes with each call, what
/// is to be sent goes back as a value, so that a simulation can run all of it. Not thread-safe; in
/// a node, the event loop owns it.
@NullMarked
package dev.warren.tunnel.path;

import org.jspecify.annotations.NullMarked;
