package dev.warren.server;

import dev.warren.server.agent.AgentSources;
import dev.warren.server.instructions.FoundInstructions;
import dev.warren.server.instructions.WorkspaceScan;
import dev.warren.server.workspace.DaemonStatus;
import dev.warren.server.workspace.WorkspaceFeature;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.WorkspaceStatus;

/// Reads the instructions of workspaces whose daemon is attached; none is started for it.
record InstructionSource(WorkspaceFeature feature) implements AgentSources.WorkspaceInstructions {
  @Override
  public boolean isThere(WorkspaceId id) {
    return feature
        .workspaces()
        .find(id)
        .filter(workspace -> workspace.status() == WorkspaceStatus.RUNNING)
        .filter(workspace -> workspace.daemon().status() == DaemonStatus.State.CONNECTED)
        .isPresent();
  }

  @Override
  public FoundInstructions read(WorkspaceId id) throws InterruptedException {
    return new WorkspaceScan(feature.connections().client(id)).look();
  }
}
