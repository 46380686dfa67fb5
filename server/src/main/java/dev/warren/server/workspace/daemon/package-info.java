/// The client side of the daemon's HTTP API, over streams of the tunnel. Owns no connection: a
/// [DaemonClient] opens a stream a request. What a daemon answers is hostile input: bytes, headers,
/// JSON depth and time are capped, redirects are not followed. Knows nothing of chats and tools.
@NullMarked
package dev.warren.server.workspace.daemon;

import org.jspecify.annotations.NullMarked;
