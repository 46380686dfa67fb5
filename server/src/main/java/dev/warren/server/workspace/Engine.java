package dev.warren.server.workspace;

import dev.warren.server.template.EngineKind;

/// Makes and unmakes the workspaces of one kind of template. Every method may be called again for
/// the same workspace after it failed or was interrupted half-way, also by another process, and
/// must then come to the same end. Implementations are thread-safe; one call at a time for one
/// workspace.
interface Engine {
  EngineKind kind();

  /// Brings the workspace up, so that its daemon attaches; one that is up already stays as it is.
  /// Interruption means that the build is canceled or handed on: stop at once.
  void start(EngineTask task) throws BuildFailure, InterruptedException;

  /// Ends all that runs in the workspace and keeps its files; a stopped one stays stopped.
  void stop(EngineTask task) throws BuildFailure, InterruptedException;

  /// Removes all that there is of the workspace.
  void delete(EngineTask task) throws BuildFailure, InterruptedException;

  /// Whether what [#start] made may still be there; false only when it is known to be gone.
  boolean mayBeUp(WorkspaceId id);
}
