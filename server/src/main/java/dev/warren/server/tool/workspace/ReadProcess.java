package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.ProcessOutput;
import dev.warren.protocol.daemon.ProcessState;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// `process_output`: what a command in the background has written, after waiting for its end.
public final class ReadProcess implements Tool<ReadProcess.Input> {
  private static final int WAIT_S_DEFAULT = 10;
  static final int WAIT_S_MAX = 300;

  /// One request's wait.
  private static final Duration WAIT_MAX = Duration.ofSeconds(20);

  private final Daemons daemons;

  public ReadProcess(Daemons daemons) {
    this.daemons = daemons;
  }

  public record Input(
      @Field("from execute or process_list") String processId,
      @Field(value = "wait so long for its end; 10 by default", max = WAIT_S_MAX, min = 0)
          Optional<Integer> waitS) {}

  record Output(
      String output, boolean running, Optional<Integer> exitCode, Optional<Boolean> truncated) {}

  @Override
  public String name() {
    return "process_output";
  }

  @Override
  public Family family() {
    return Family.WORKSPACE;
  }

  @Override
  public Effect effect() {
    return Effect.NONE;
  }

  @Override
  public boolean polls() {
    return true;
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public Duration timeout(Input input) {
    return DEFAULT_TIMEOUT.plusSeconds(input.waitS().orElse(WAIT_S_DEFAULT));
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    UUID id = ProcessIds.parse(input.processId());
    WorkspaceCall call = WorkspaceCall.begin(daemons, context);
    long untilNanos =
        System.nanoTime() + Duration.ofSeconds(input.waitS().orElse(WAIT_S_DEFAULT)).toNanos();
    ProcessOutput output;
    do {
      Duration left = Duration.ofNanos(Math.max(0, untilNanos - System.nanoTime()));
      Duration wait = left.compareTo(WAIT_MAX) < 0 ? left : WAIT_MAX;
      output =
          call.read(
              daemon -> ProcessIds.known(id, () -> daemon.output(id, Optional.empty(), wait)));
    } while (Execute.running(output) && System.nanoTime() < untilNanos);
    Excerpt excerpt = Excerpt.of(output);
    Output answer =
        new Output(
            excerpt.text(),
            Execute.running(output),
            output.process().exitCode(),
            excerpt.truncated() ? Optional.of(true) : Optional.empty());
    if (output.process().status() != ProcessState.Status.UNKNOWN) {
      return ToolResult.of(answer);
    }
    ToolResult unknown = ToolResult.error("How the process ended cannot be known.", answer);
    unknown.output().put("outcome", "unknown");
    return unknown;
  }
}
