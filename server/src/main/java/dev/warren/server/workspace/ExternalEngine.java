package dev.warren.server.workspace;

import dev.warren.server.template.EngineKind;
import java.time.Duration;

/// Workspaces on any machine: a start waits for the daemon that a user installs there; a stop sends
/// it away (which whoever carries the build out does for every engine).
final class ExternalEngine implements Engine {
  private final Duration daemonWait;
  private final Duration poll;

  /// @param daemonWait how long a start waits for the daemon
  /// @param poll how often it looks
  ExternalEngine(Duration daemonWait, Duration poll) {
    this.daemonWait = daemonWait;
    this.poll = poll;
  }

  @Override
  public EngineKind kind() {
    return EngineKind.EXTERNAL;
  }

  @Override
  public void start(EngineTask task) throws BuildFailure, InterruptedException {
    if (!task.daemonIsAttached().getAsBoolean()) {
      task.say("Waiting for the daemon: run the install command of this workspace on its machine");
    }
    long deadline = System.nanoTime() + daemonWait.toNanos();
    while (!task.daemonIsAttached().getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new BuildFailure(
            "no daemon connected within "
                + daemonWait.toHours()
                + " hours; start the workspace again and run its install command on the machine");
      }
      Thread.sleep(poll);
    }
    task.say("The daemon has connected");
  }

  @Override
  public void stop(EngineTask task) {
    task.say("The daemon is sent away; its machine and files stay as they are");
  }

  @Override
  public void delete(EngineTask task) {
    task.say("The daemon is sent away; its machine and files stay as they are");
  }

  @Override
  public boolean mayBeUp(WorkspaceId id) {
    return true;
  }
}
