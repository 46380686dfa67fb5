package dev.warren.server.chat;

import dev.warren.server.access.UserId;
import dev.warren.server.model.ModelId;
import dev.warren.server.workspace.WorkspaceId;
import java.util.Map;
import java.util.Optional;

/// What a new chat is made of.
///
/// @param contextLimitTokens the window of its model, 0 when that is not known yet
public record NewChat(
    ChatId id,
    UserId owner,
    String title,
    Chat.TitleSource titleSource,
    Map<String, String> labels,
    Optional<ModelId> modelId,
    Optional<WorkspaceId> workspaceId,
    long contextLimitTokens,
    Budget budget) {}
