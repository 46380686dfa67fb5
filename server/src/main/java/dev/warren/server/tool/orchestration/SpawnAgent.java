package dev.warren.server.tool.orchestration;

import dev.warren.server.chat.Chat;
import dev.warren.server.chat.ChatLookups;
import dev.warren.server.chat.SubAgentTransitions.Wanted;
import dev.warren.server.db.Shield;
import dev.warren.server.model.ModelId;
import dev.warren.server.model.UsableModel;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolFailure;
import dev.warren.server.tool.ToolResult;
import java.util.Optional;
import java.util.UUID;

/// `spawn_agent`: gives a task to a sub-agent, which begins at once.
public final class SpawnAgent implements Tool<SpawnAgent.Input> {
  private final SubAgents agents;
  private final ChatLookups lookups;

  SpawnAgent(SubAgents agents, ChatLookups lookups) {
    this.agents = agents;
    this.lookups = lookups;
  }

  public record Input(
      @Field(value = "the whole task: it sees nothing else", min = 1, max = 100_000) String prompt,
      @Field(value = "a few words for the user", min = 1, max = 80) Optional<String> title,
      @Field("only when the user named one") Optional<UUID> modelId) {}

  record Output(String chatId, String title, String status) {}

  @Override
  public String name() {
    return "spawn_agent";
  }

  @Override
  public Family family() {
    return Family.ORCHESTRATION;
  }

  /// The sub-agent is to find what earlier calls of the message made: the workspace, and its files.
  @Override
  public Effect effect() {
    return Effect.COMMAND;
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) {
    Optional<ModelId> wanted = input.modelId().map(ModelId::new);
    Optional<UsableModel> model = Shield.call(() -> lookups.model(wanted, context.owner().id()));
    if (wanted.isPresent() && model.isEmpty()) {
      throw new ToolFailure(
          "There is no model "
              + input.modelId().get()
              + " that may be used here. Leave model_id out: the sub-agent then has your own model.");
    }
    Chat child =
        agents.spawn(
            context,
            new Wanted(
                input.prompt(),
                input.title().map(String::strip).filter(title -> !title.isEmpty()),
                wanted,
                context.workspaceId(),
                model.map(UsableModel::contextLimit).orElse(0L)));
    return ToolResult.of(new Output(child.id().toString(), child.title(), SubAgents.status(child)));
  }

  /// What was spawned before the interruption reached this call was stopped with the parent's turn.
  @Override
  public ToolResult cancel(ToolContext context, Input input) {
    return ToolResult.error("The user interrupted the turn; the sub-agent does not work on.");
  }
}
