/// The workspace daemon. Plain compute: knows nothing of models, chats or the control plane's code.
@NullMarked
package dev.warren.daemon;

import org.jspecify.annotations.NullMarked;
