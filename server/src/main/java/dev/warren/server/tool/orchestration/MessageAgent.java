package dev.warren.server.tool.orchestration;

import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.util.Optional;
import java.util.UUID;

/// `message_agent`: sends a sub-agent a further message.
public final class MessageAgent implements Tool<MessageAgent.Input> {
  private final SubAgents agents;

  MessageAgent(SubAgents agents) {
    this.agents = agents;
  }

  public record Input(
      UUID chatId,
      @Field(min = 1, max = 100_000) String message,
      @Field("end what it is doing now; else the message waits for its turn's end")
          Optional<Boolean> interrupt) {}

  /// @param queued the message waits for the end of the sub-agent's turn
  record Output(String chatId, String status, boolean queued) {}

  @Override
  public String name() {
    return "message_agent";
  }

  @Override
  public Family family() {
    return Family.ORCHESTRATION;
  }

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
    boolean queued =
        agents.tell(context, input.chatId(), input.message(), input.interrupt().orElse(false));
    return ToolResult.of(
        new Output(
            input.chatId().toString(),
            SubAgents.status(agents.child(context, input.chatId())),
            queued));
  }
}
