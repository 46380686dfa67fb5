package dev.warren.server.chat;

import dev.warren.server.replica.ReplicaId;

/// Who works on a chat, by which fence.
public record Lease(ChatId chat, long number, ReplicaId owner) {}
