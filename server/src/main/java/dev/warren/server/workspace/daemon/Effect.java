package dev.warren.server.workspace.daemon;

import java.util.UUID;

/// What makes a change at the daemon happen once and by the right owner.
///
/// @param id the change's own, UUIDv7: the same id never takes effect twice
/// @param storeId the outcome store on which it is to happen, and on no other
/// @param lease `CHAT_ID/LEASE` of the chat's owner
public record Effect(UUID id, String storeId, String lease) {}
