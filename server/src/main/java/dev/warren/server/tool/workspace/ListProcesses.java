package dev.warren.server.tool.workspace;

import dev.warren.protocol.daemon.ProcessState;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.daemon.DaemonClient;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// `process_list`: the commands of the workspace, running ones first.
public final class ListProcesses implements Tool<ListProcesses.Input> {
  private static final int PROCESSES_MAX = 20;

  /// Longer commands are shown by their start.
  private static final int COMMAND_CHARS_MAX = 200;

  private final Daemons daemons;

  public ListProcesses(Daemons daemons) {
    this.daemons = daemons;
  }

  public record Input() {}

  record Output(List<ListedProcess> processes) {}

  record ListedProcess(
      UUID processId,
      String command,
      boolean running,
      Optional<Integer> exitCode,
      Instant startedAt) {}

  @Override
  public String name() {
    return "process_list";
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
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) throws InterruptedException {
    List<ProcessState> all = WorkspaceCall.begin(daemons, context).read(DaemonClient::processes);
    return ToolResult.of(
        new Output(all.stream().limit(PROCESSES_MAX).map(ListProcesses::shown).toList()));
  }

  private static ListedProcess shown(ProcessState process) {
    String command = process.command();
    return new ListedProcess(
        process.id(),
        command.length() <= COMMAND_CHARS_MAX
            ? command
            : command.substring(0, COMMAND_CHARS_MAX) + "…",
        process.status() == ProcessState.Status.RUNNING,
        process.exitCode(),
        process.startedAt());
  }
}
