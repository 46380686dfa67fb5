package dev.warren.tunnel.relay;

import dev.warren.protocol.tunnel.Coordination.DirectOffer;
import dev.warren.protocol.tunnel.Owner;
import java.util.Optional;

/// What a node is told when it is let in.
///
/// @param owner whom a workspace's daemon works for
/// @param direct what it needs for direct paths, when it may have them
record Welcome(Optional<Owner> owner, Optional<DirectOffer> direct) {}
