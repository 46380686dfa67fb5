/// SSH on streams of the tunnel: shells, commands, sftp, scp, and forwarding of ports, Unix sockets
/// and agents, on Apache MINA SSHD without any of its sockets. It asks for no password or key: who
/// may open the stream was decided by the tunnel. It knows neither the tunnel nor the control
/// plane.
///
/// Threads: a connection has a virtual reader and writer, a session's program up to three virtual
/// threads, a forwarded connection two. MINA's own handlers run on the reader and must not block.
@NullMarked
package dev.warren.daemon.ssh;

import org.jspecify.annotations.NullMarked;
