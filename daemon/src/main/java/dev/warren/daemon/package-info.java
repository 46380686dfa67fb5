/// The workspace daemon. Plain compute: files, commands and ports of one machine and user, offered
/// over streams that the control plane opens through the tunnel. Knows nothing of models, chats or
/// the control plane's code, and listens on nothing. [Daemon] composes the parts, [Main] runs it.
@NullMarked
package dev.warren.daemon;

import org.jspecify.annotations.NullMarked;
