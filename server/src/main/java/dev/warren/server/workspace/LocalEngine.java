package dev.warren.server.workspace;

import dev.warren.server.template.EngineKind;
import dev.warren.server.workspace.sandbox.LocalMount;
import dev.warren.server.workspace.sandbox.ProcessRef;
import dev.warren.server.workspace.sandbox.Sandbox;
import dev.warren.server.workspace.sandbox.SandboxException;
import dev.warren.server.workspace.sandbox.SandboxLimits;
import dev.warren.server.workspace.sandbox.SandboxProbe;
import dev.warren.server.workspace.sandbox.SandboxSpec;
import dev.warren.server.workspace.sandbox.SandboxUser;
import dev.warren.server.workspace.sandbox.WorkspaceFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// Workspaces in a sandbox on the control plane's own host. All that is known of one lies in its
/// folder, so that workspaces outlive the process that started them.
final class LocalEngine implements Engine {
  /// How long a daemon may take to end its commands in order at a stop.
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private static final long POLL_MS = 50;

  /// Folder of the daemon's key and outcomes, in the home.
  private static final String STATE = ".warren";

  private final Settings settings;

  LocalEngine(Settings settings) {
    this.settings = settings;
  }

  /// What it needs to know.
  ///
  /// @param dataFolder the control plane's own, never seen inside
  /// @param accessUrl what the daemon dials
  /// @param daemonWait how long a start watches for the daemon before it leaves it to itself
  record Settings(
      WorkspacesFolder workspaces,
      Path dataFolder,
      DaemonBundles bundles,
      Supplier<URI> accessUrl,
      List<LocalMount> mounts,
      boolean unisolated,
      Duration daemonWait) {
    Settings {
      mounts = List.copyOf(mounts);
    }
  }

  @Override
  public EngineKind kind() {
    return EngineKind.LOCAL;
  }

  @Override
  public void start(EngineTask task) throws BuildFailure, InterruptedException {
    WorkspaceFolder folder = folder(task);
    if (Sandbox.find(folder).isPresent() && task.daemonIsAttached().getAsBoolean()) {
      task.say("The workspace runs already");
      return;
    }
    try {
      settings.workspaces().create();
      Sandbox sandbox = probe().probe();
      task.say(walls(sandbox, sandbox.userOf(folder)));
      Path bundle = settings.bundles().unpacked(settings.workspaces().bundles());
      sandbox.stop(folder, STOP_GRACE);
      ProcessRef first = sandbox.start(spec(task, sandbox, bundle));
      task.say("Started as process " + first.pid());
      awaitDaemon(task, folder, first);
    } catch (SandboxException | IOException e) {
      throw new BuildFailure(message(e), e);
    }
  }

  private static String walls(Sandbox sandbox, SandboxUser user) {
    String whose =
        switch (user) {
          case SandboxUser.Own _ -> "the control plane's user";
          case SandboxUser.Dropped _ -> "a user of its own";
        };
    return switch (sandbox.isolation()) {
      case USER -> "Sandbox: bubblewrap, " + whose + ", the network of the host";
      case ROOT -> "Sandbox: bubblewrap without user namespaces, the network of the host";
      case NONE -> "No sandbox, " + whose + ": WARREN_LOCAL_UNISOLATED is on";
    };
  }

  private void awaitDaemon(EngineTask task, WorkspaceFolder folder, ProcessRef first)
      throws BuildFailure, InterruptedException {
    long deadline = System.nanoTime() + settings.daemonWait().toNanos();
    while (!task.daemonIsAttached().getAsBoolean()) {
      if (!first.isAlive()) {
        throw new BuildFailure("the workspace ended at once: " + Sandbox.logTail(folder));
      }
      if (System.nanoTime() - deadline > 0) {
        task.say("The daemon has not connected yet: " + Sandbox.logTail(folder));
        return;
      }
      Thread.sleep(POLL_MS);
    }
    task.say("The daemon has connected");
  }

  @Override
  public void stop(EngineTask task) throws BuildFailure, InterruptedException {
    try {
      Sandbox.stop(folder(task), STOP_GRACE, settings.unisolated());
      task.say("Stopped");
    } catch (SandboxException e) {
      throw new BuildFailure(message(e), e);
    }
  }

  @Override
  public void delete(EngineTask task) throws BuildFailure, InterruptedException {
    WorkspaceFolder folder = folder(task);
    try {
      Sandbox.stop(folder, Duration.ZERO, settings.unisolated());
      Sandbox.delete(folder);
      settings.workspaces().removeIfEmpty();
      task.say("Removed with all its files");
    } catch (SandboxException | IOException e) {
      throw new BuildFailure(message(e), e);
    }
  }

  @Override
  public boolean mayBeUp(WorkspaceId id) {
    return Sandbox.find(settings.workspaces().of(id)).isPresent();
  }

  private SandboxProbe probe() {
    return new SandboxProbe(
        settings.workspaces().path(), List.of(settings.dataFolder()), settings.unisolated());
  }

  private WorkspaceFolder folder(EngineTask task) {
    return settings.workspaces().of(task.workspace().id());
  }

  private SandboxSpec spec(EngineTask task, Sandbox sandbox, Path bundle) throws SandboxException {
    WorkspaceFolder folder = folder(task);
    Path inside = sandbox.isIsolated() ? Path.of("/opt/warren") : bundle;
    Path home = sandbox.isIsolated() ? Path.of("/home/dev") : folder.home();
    return new SandboxSpec(
        folder,
        sandbox.userOf(folder),
        hostname(task.workspace().name()),
        bundle,
        settings.mounts(),
        limits(task.build().parameters()),
        List.of(
            inside.resolve("bin/warren-daemon").toString(),
            "--url",
            settings.accessUrl().get().toString(),
            "--state",
            home.resolve(STATE).toString()),
        task.newToken().get());
  }

  private static SandboxLimits limits(ObjectNode parameters) {
    return new SandboxLimits(
        parameters.path("memory_mb").asInt(0),
        parameters.path("cpus").asDouble(0),
        SandboxLimits.PROCESSES_MAX);
  }

  private static String hostname(String name) {
    return name.replaceAll("[^A-Za-z0-9-]", "-");
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message;
  }
}
