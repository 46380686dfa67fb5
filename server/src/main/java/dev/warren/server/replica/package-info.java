/// The replicas of the control plane: which of them live. A replica beats once a second in its row
/// and holds a session's advisory lock; who lost both is dead. Knows nothing of what replicas own.
@NullMarked
package dev.warren.server.replica;

import org.jspecify.annotations.NullMarked;
