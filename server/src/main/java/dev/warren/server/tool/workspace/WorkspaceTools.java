package dev.warren.server.tool.workspace;

import dev.warren.server.tool.Tool;
import java.util.List;

/// The seven tools over one way to find daemons.
public final class WorkspaceTools {
  private WorkspaceTools() {}

  public static List<Tool<?>> all(Daemons daemons) {
    return List.of(
        new ReadFile(daemons),
        new WriteFile(daemons),
        new EditFiles(daemons),
        new Execute(daemons),
        new ReadProcess(daemons),
        new ListProcesses(daemons),
        new SignalProcess(daemons));
  }
}
