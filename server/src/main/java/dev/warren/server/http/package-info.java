/// The control plane's HTTP border: the route table, strict input, problems, event streams,
/// WebSockets, the page and health. The only package that sees Jetty; features see [Route],
/// [Request], [Response], [EventSource] and [Socket]. Knows no feature.
///
/// Each request, event stream and socket runs blocking on a virtual thread of its own. Long streams
/// are entered in [LiveStreams], which ends them when their credential is revoked or the server
/// stops.
@NullMarked
package dev.warren.server.http;

import org.jspecify.annotations.NullMarked;
