package dev.warren.server.tool.orchestration;

import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.util.UUID;

/// `close_agent`: ends a sub-agent for good.
public final class CloseAgent implements Tool<CloseAgent.Input> {
  private final SubAgents agents;

  CloseAgent(SubAgents agents) {
    this.agents = agents;
  }

  public record Input(UUID chatId) {}

  record Output(String chatId, String status) {}

  @Override
  public String name() {
    return "close_agent";
  }

  @Override
  public Family family() {
    return Family.ORCHESTRATION;
  }

  @Override
  public Effect effect() {
    return Effect.NONE;
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) {
    agents.close(context, input.chatId());
    return ToolResult.of(new Output(input.chatId().toString(), "closed"));
  }
}
