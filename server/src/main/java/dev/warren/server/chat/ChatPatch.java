package dev.warren.server.chat;

import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.model.ModelId;
import dev.warren.server.workspace.WorkspaceId;
import java.util.Map;
import java.util.Optional;

/// What people want to change of a chat; what is absent stays.
public record ChatPatch(
    Optional<String> title,
    Optional<Map<String, String>> labels,
    Optional<Boolean> pinned,
    Optional<Boolean> archived,
    Optional<ModelId> modelId,
    Optional<WorkspaceId> workspaceId,
    Optional<Budget> budget,
    Optional<ApprovalRules> approvalRules) {}
