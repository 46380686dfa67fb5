/// The daemon's HTTP: requests off a stream, to a handler, and its answer back; problems for
/// everything that goes wrong. Knows no file and no process. One virtual thread a connection, which
/// serves its requests one after the other.
@NullMarked
package dev.warren.daemon.http;

import org.jspecify.annotations.NullMarked;
