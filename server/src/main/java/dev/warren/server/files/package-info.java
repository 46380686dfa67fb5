/// Files that users attach to their messages.
@NullMarked
package dev.warren.server.files;

import org.jspecify.annotations.NullMarked;
