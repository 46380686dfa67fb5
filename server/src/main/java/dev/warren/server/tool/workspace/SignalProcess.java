package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.ProcessOutput;
import dev.warren.protocol.daemon.ProcessSignal;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// `process_signal`: ends a command and all that it started.
public final class SignalProcess implements Tool<SignalProcess.Input> {
  /// How long the end is waited for.
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Daemons daemons;

  public SignalProcess(Daemons daemons) {
    this.daemons = daemons;
  }

  public record Input(
      @Field("from execute or process_list") String processId, ProcessSignal.Signal signal) {}

  record Output(boolean running, Optional<Integer> exitCode, Optional<String> note) {}

  @Override
  public String name() {
    return "process_signal";
  }

  @Override
  public Family family() {
    return Family.WORKSPACE;
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
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    UUID id = ProcessIds.parse(input.processId());
    WorkspaceCall call = WorkspaceCall.begin(daemons, context);
    call.change(
        (daemon, effect) -> ProcessIds.known(id, () -> daemon.signal(id, input.signal(), effect)));
    ProcessOutput output = call.read(daemon -> daemon.output(id, Optional.empty(), LOOK));
    boolean running = Execute.running(output);
    return ToolResult.of(
        new Output(
            running,
            output.process().exitCode(),
            running && input.signal() == ProcessSignal.Signal.SIGTERM
                ? Optional.of("it still runs; SIGKILL ends it for certain")
                : Optional.empty()));
  }
}
