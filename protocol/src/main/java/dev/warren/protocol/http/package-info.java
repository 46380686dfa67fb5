/// HTTP/1.1 framing (RFC 9112) over any pair of byte streams, for the daemon and its callers:
/// heads, bodies, limits. Strict about what could be read in two ways (two lengths, a length beside
/// `chunked`, bare line feeds in heads), since both peers are hostile input to each other. Knows no
/// sockets, threads or routes; an instance belongs to one thread at a time.
@NullMarked
package dev.warren.protocol.http;

import org.jspecify.annotations.NullMarked;
