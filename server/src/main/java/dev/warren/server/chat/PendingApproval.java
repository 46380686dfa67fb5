package dev.warren.server.chat;

import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// A call that waits for the user's decision, as clients see it.
public record PendingApproval(UUID callId, String tool, JsonNode input, String reason) {}
