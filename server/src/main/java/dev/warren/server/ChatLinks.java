package dev.warren.server;

import dev.warren.llm.Part;
import dev.warren.server.access.Caller;
import dev.warren.server.access.UserId;
import dev.warren.server.agent.AgentLimits;
import dev.warren.server.agent.AgentModel;
import dev.warren.server.agent.AgentSources;
import dev.warren.server.agent.AgentSources.AgentSettings;
import dev.warren.server.agent.AgentSources.ModelUnavailable;
import dev.warren.server.approval.ApprovalRules;
import dev.warren.server.chat.Budget;
import dev.warren.server.chat.ChatLookups;
import dev.warren.server.chat.StoredPart;
import dev.warren.server.files.FileId;
import dev.warren.server.files.FileStore;
import dev.warren.server.model.AdminSettings;
import dev.warren.server.model.ModelCatalog;
import dev.warren.server.model.ModelId;
import dev.warren.server.model.ResolvedModel;
import dev.warren.server.model.UsableModel;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.WorkspaceView;
import dev.warren.server.workspace.Workspaces;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What chats and the agent ask of models, files and workspaces, which do not know them.
record ChatLinks(ModelCatalog models, FileStore files, Workspaces workspaces)
    implements ChatLookups {
  /// Workspaces that a sidebar shows.
  private static final int WORKSPACES_SHOWN = 100;

  AgentSources sources(AgentSources.WorkspaceInstructions instructions) {
    return new AgentSources(this::agentModel, this::agentSettings, this::attachment, instructions);
  }

  private AgentModel agentModel(Optional<ModelId> wanted, UserId user) {
    try {
      ResolvedModel model = models.resolve(wanted);
      return new AgentModel(
          model.id(),
          model.provider(),
          model.name(),
          model.contextLimit(),
          model.maxOutputTokens(),
          model.compactionThreshold(),
          model.options(),
          usage -> model.prices().map(prices -> prices.of(usage)));
    } catch (dev.warren.server.model.ModelUnavailable e) {
      throw new ModelUnavailable(e.reason());
    }
  }

  private AgentSettings agentSettings() {
    AdminSettings now = models.settings();
    return new AgentSettings(
        now.systemPrompt(),
        Set.copyOf(now.disabledTools()),
        now.maxSteps(),
        now.compaction().modelId(),
        now.modelTitles(),
        new ApprovalRules(now.approvalRules()));
  }

  int retentionDays() {
    return models.settings().retentionDays();
  }

  AgentLimits limits() {
    AdminSettings now = models.settings();
    return new AgentLimits(now.maxRunningPerReplica(), now.maxRunningPerUser());
  }

  private Optional<Part.File> attachment(FileId id, UserId owner) {
    return files
        .find(id, owner)
        .map(file -> new Part.File(file.name(), file.mediaType(), file.content()));
  }

  @Override
  public Optional<StoredPart.File> file(FileId id, UserId owner) {
    return files.attachments(List.of(id), owner).stream()
        .findFirst()
        .map(file -> new StoredPart.File(file.id(), file.name(), file.mediaType()));
  }

  @Override
  public Optional<UsableModel> model(Optional<ModelId> wanted, UserId user) {
    return models.usable(wanted);
  }

  @Override
  public Budget defaultBudget() {
    AdminSettings.Budget now = models.settings().budget();
    return new Budget(now.tokens(), now.usd());
  }

  @Override
  public boolean mayUse(WorkspaceId id, UserId user) {
    return workspaces.find(id).filter(view -> view.owner().id().equals(user)).isPresent();
  }

  @Override
  public Optional<Object> workspace(WorkspaceId id, Caller caller) {
    return workspaces
        .find(id)
        .filter(view -> caller.mayRead(view.owner().id()))
        .map(WorkspaceView.class::cast);
  }

  @Override
  public List<Object> workspaces(Caller caller) {
    return List.copyOf(workspaces.newest(caller.id(), WORKSPACES_SHOWN));
  }
}
