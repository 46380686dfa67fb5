package dev.warren.server.chat;

import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.http.Change;
import dev.warren.server.model.ModelId;
import dev.warren.server.workspace.WorkspaceId;
import java.util.Map;
import java.util.Optional;

/// What people want to change of a chat; what is absent stays.
///
/// @param title cleared, it is made from the chat's first message again
/// @param modelId cleared, the default model answers, whichever that is then
/// @param workspaceId cleared, the chat has no workspace; what runs in the former one runs on
public record ChatPatch(
    Change<String> title,
    Optional<Map<String, String>> labels,
    Optional<Boolean> pinned,
    Optional<Boolean> archived,
    Change<ModelId> modelId,
    Change<WorkspaceId> workspaceId,
    Optional<Budget> budget,
    Optional<ApprovalRules> approvalRules) {}
