/// Reads archives that come from outside: tar (plain or gzip) and zip. Knows formats and limits
/// only. No threads; every reader is for one thread.
@NullMarked
package dev.warren.server.archive;

import org.jspecify.annotations.NullMarked;
