/// Files that users attach to their messages: images, PDF and text. Each is its owner's alone.
/// Knows nothing of chats.
@NullMarked
package dev.warren.server.files;

import org.jspecify.annotations.NullMarked;
