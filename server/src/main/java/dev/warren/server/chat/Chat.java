package dev.warren.server.chat;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.warren.protocol.Json;
import dev.warren.server.access.UserId;
import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.approval.Grant;
import dev.warren.server.model.ModelId;
import dev.warren.server.replica.ReplicaId;
import dev.warren.server.workspace.WorkspaceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// A chat's row: what people see of it, and who works on it.
///
/// @param lease the fencing number of its last owner
/// @param workerId its owner while it is running or interrupting
/// @param usage its own
/// @param childrenUsage of all its sub-agents, closed ones too
/// @param compactionRequested the next step is to write a summary
/// @param instructions how often the model was told of the workspace's instructions
/// @param resting its owner only waits for others, and it takes no slot
/// @param statusSince when the status was entered
public record Chat(
    ChatId id,
    UserId ownerId,
    String ownerUsername,
    Optional<ChatId> parentId,
    String title,
    TitleSource titleSource,
    ChatStatus status,
    boolean archived,
    boolean pinned,
    Map<String, String> labels,
    Optional<ModelId> modelId,
    Optional<WorkspaceId> workspaceId,
    Optional<String> lastError,
    long version,
    long lease,
    Optional<ReplicaId> workerId,
    ChatMessage.MessageUsage usage,
    ChatMessage.MessageUsage childrenUsage,
    Context context,
    boolean compactionRequested,
    Budget budget,
    long instructions,
    Approvals approvals,
    boolean resting,
    Instant statusSince,
    Instant createdAt,
    Instant updatedAt) {
  public Chat {
    labels = Map.copyOf(labels);
  }

  /// What the chat and its sub-agents have used: what clients see, and budgets count.
  public ChatMessage.MessageUsage totalUsage() {
    return usage.plus(childrenUsage);
  }

  /// As clients see it.
  @JsonValue
  public ObjectNode wire() {
    ObjectNode node = Json.STRICT.createObjectNode().put("id", id.toString());
    node.putObject("owner").put("id", ownerId.toString()).put("username", ownerUsername);
    node.put("title", title).put("status", status.toString());
    modelId.ifPresent(value -> node.put("model_id", value.toString()));
    workspaceId.ifPresent(value -> node.put("workspace_id", value.toString()));
    parentId.ifPresent(value -> node.put("parent_id", value.toString()));
    ObjectNode labelNode = node.putObject("labels");
    labels.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(label -> labelNode.put(label.getKey(), label.getValue()));
    node.put("pinned", pinned).put("archived", archived);
    lastError.ifPresent(value -> node.put("last_error", value));
    node.set("usage", Json.STRICT.valueToTree(totalUsage()));
    node.set("context", Json.STRICT.valueToTree(context));
    budgetNode().ifPresent(value -> node.set("budget", value));
    if (!approvals.rules().isEmpty()) {
      node.set("approval_rules", Json.STRICT.valueToTree(approvals.rules().rules()));
    }
    node.put("status_since", statusSince.toString());
    return node.put("created_at", createdAt.toString()).put("updated_at", updatedAt.toString());
  }

  /// As clients see it, with its place in the line while it is pending.
  public ObjectNode wire(Optional<Integer> place) {
    ObjectNode node = wire();
    place.ifPresent(value -> node.put("queue_position", value));
    return node;
  }

  /// The budget and how much of it is used, when there is one.
  public Optional<ObjectNode> budgetNode() {
    return budget
        .usedShare(totalUsage())
        .map(share -> {
          ObjectNode node = Json.STRICT.createObjectNode();
          budget.tokens().ifPresent(value -> node.put("tokens", value));
          budget.usd().ifPresent(value -> node.put("usd", value));
          return node.put("used_share", share).put("warning", Budget.warns(share));
        });
  }

  /// Who made the title.
  public enum TitleSource {
    PROMPT,
    MODEL,
    USER;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// Which calls have to be allowed first.
  ///
  /// @param rules with which the chat tightens the administrator's
  /// @param granted what the user has allowed for the rest of the chat
  /// @param asked open calls that wait for a decision, in call order
  public record Approvals(ApprovalRules rules, List<Grant> granted, List<UUID> asked) {
    public Approvals {
      granted = List.copyOf(granted);
      asked = List.copyOf(asked);
    }
  }

  /// How full the model's window is.
  public record Context(long usedTokens, long limitTokens) {}
}
