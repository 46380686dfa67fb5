package dev.warren.server.agent;

import dev.warren.llm.Part;
import dev.warren.server.access.UserId;
import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.files.FileId;
import dev.warren.server.instructions.FoundInstructions;
import dev.warren.server.model.ModelId;
import dev.warren.server.workspace.WorkspaceId;
import java.util.Optional;
import java.util.Set;

/// What the agent asks of other features before each step, so that an administrator's change counts
/// from the next one on.
///
/// @param models finds the model of a chat, or the default
/// @param settings the administrator's
/// @param files reads what a user attached
/// @param instructions reads what workspaces say about work in them
public record AgentSources(
    Models models, SettingsNow settings, Files files, WorkspaceInstructions instructions) {

  /// Finds models.
  public interface Models {
    /// @param wanted the default when absent
    /// @throws ModelUnavailable when there is none, or it may not be used
    AgentModel find(Optional<ModelId> wanted, UserId user);
  }

  /// Reads settings.
  public interface SettingsNow {
    AgentSettings read();
  }

  /// Reads the instructions of workspaces.
  public interface WorkspaceInstructions {
    /// Whether the workspace can be asked now. Quick: nothing is connected for it.
    boolean isThere(WorkspaceId id);

    FoundInstructions read(WorkspaceId id) throws InterruptedException;
  }

  /// Reads attached files.
  public interface Files {
    Optional<Part.File> read(FileId id, UserId owner);
  }

  /// @param systemPrompt the administrator's, after our own; may be empty
  /// @param disabledTools names of tools that no chat may use
  /// @param maxSteps answers of the model in one turn
  /// @param compactionModel writes summaries; the chat's own when absent
  /// @param modelTitles whether the model names new chats
  /// @param approvalRules which tool calls run, ask or never run
  public record AgentSettings(
      String systemPrompt,
      Set<String> disabledTools,
      int maxSteps,
      Optional<ModelId> compactionModel,
      boolean modelTitles,
      ApprovalRules approvalRules) {
    public static final int MAX_STEPS_DEFAULT = 500;
    public static final AgentSettings DEFAULT =
        new AgentSettings(
            "", Set.of(), MAX_STEPS_DEFAULT, Optional.empty(), true, ApprovalRules.NONE);

    public AgentSettings {
      disabledTools = Set.copyOf(disabledTools);
    }
  }

  /// No model can answer; the message says who has to do what.
  public static final class ModelUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelUnavailable(String message) {
      super(message);
    }
  }
}
