/// The replicas of the control plane: which of them live, how they call each other, and how their
/// relays are linked. A replica beats once a second in its row and holds a session's advisory lock;
/// who lost both is dead. Calls are signed ([dev.warren.server.replica.ReplicaCalls]) with the node
/// key whose public half stands in the row. Knows nothing of what replicas own: chats and
/// workspaces come to it.
///
/// Threads: the beat belongs to the agent's worker; each link to another relay has a virtual one.
@NullMarked
package dev.warren.server.replica;

import org.jspecify.annotations.NullMarked;
