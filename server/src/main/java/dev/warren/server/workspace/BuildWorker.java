package dev.warren.server.workspace;

import dev.warren.protocol.NodeId;
import dev.warren.server.template.EngineKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries builds out. A build is a row that a worker claims and keeps by a beat; the builds of a
/// worker that died are taken by another, or by this one after a restart, and run again from their
/// beginning, which engines allow.
///
/// Threads: one that claims, one that beats, one for each build; all virtual, all ended by
/// [#close], which hands unfinished builds over.
final class BuildWorker implements AutoCloseable {
  /// Builds that run at once here; the others wait. Those of external machines only wait.
  private static final int BUILDS_MAX = 64;

  /// How often a worker says that it lives and looks for cancellations.
  private static final Duration BEAT = Duration.ofSeconds(1);

  /// A worker silent for so long counts as dead.
  private static final Duration STALE_AFTER = Duration.ofSeconds(5);

  /// How often it looks for builds that nobody told it of.
  private static final Duration POLL = Duration.ofSeconds(1);

  private static final Duration CLOSE_MAX = Duration.ofSeconds(3);
  private static final Logger log = LoggerFactory.getLogger(BuildWorker.class);

  private final UUID id = UUID.randomUUID();
  private final BuildStore builds;
  private final WorkspaceStore workspaces;
  private final Daemons daemons;
  private final Map<EngineKind, Engine> engines;
  private final WorkspaceChanges changes;
  private final Consumer<NodeId> sendAway;
  private final Semaphore wake = new Semaphore(0);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Map<BuildId, Thread> running = new ConcurrentHashMap<>();
  private final Set<BuildId> canceled = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile List<Thread> loops = List.of();

  /// @param sendAway closes a node's attachment for good
  BuildWorker(
      BuildStore builds,
      WorkspaceStore workspaces,
      Daemons daemons,
      List<Engine> engines,
      WorkspaceChanges changes,
      Consumer<NodeId> sendAway) {
    this.builds = builds;
    this.workspaces = workspaces;
    this.daemons = daemons;
    this.engines = engines.stream().collect(Collectors.toMap(Engine::kind, engine -> engine));
    this.changes = changes;
    this.sendAway = sendAway;
  }

  void start() {
    loops =
        List.of(
            Thread.ofVirtual().name("builds").start(this::claimLoop),
            Thread.ofVirtual().name("builds-beat").start(this::beatLoop));
  }

  /// Says that a build waits.
  void wake() {
    wake.release();
  }

  /// Looks at once for builds of this worker that are to be canceled.
  void cancelNow() {
    try {
      beat();
    } catch (RuntimeException e) {
      complain(e);
    }
    wake();
  }

  Engine engine(EngineKind kind) {
    Engine engine = engines.get(kind);
    if (engine == null) {
      throw new IllegalStateException("no engine " + kind);
    }
    return engine;
  }

  private void claimLoop() {
    while (!closed) {
      try {
        claim();
      } catch (RuntimeException e) {
        complain(e);
      }
      try {
        if (wake.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void beatLoop() {
    while (!closed) {
      try {
        beat();
      } catch (RuntimeException e) {
        complain(e);
      }
      try {
        ended.await(BEAT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private void complain(RuntimeException e) {
    if (!closed) {
      log.atWarn().setCause(e).log("builds wait: the database did not answer");
    }
  }

  private void claim() {
    while (!closed && running.size() < BUILDS_MAX) {
      Optional<Build> claimed = builds.claim(id, STALE_AFTER);
      if (claimed.isEmpty()) {
        return;
      }
      Build build = claimed.get();
      Thread thread =
          Thread.ofVirtual().name("build-" + build.id()).unstarted(() -> carryOut(build));
      running.put(build.id(), thread);
      thread.start();
    }
  }

  private void beat() {
    for (BuildId build : builds.beat(id, running.keySet())) {
      Thread thread = running.get(build);
      if (thread != null && canceled.add(build)) {
        thread.interrupt();
      }
    }
  }

  private void carryOut(Build build) {
    try {
      Workspace workspace =
          workspaces
              .find(build.workspaceId())
              .orElseThrow(() -> new IllegalStateException("no workspace of " + build));
      changes.changed(workspace.id());
      EngineTask task = task(workspace, build);
      if (build.status() == BuildStatus.CANCELING) {
        undo(task);
        return;
      }
      try {
        run(task);
        finish(task, BuildStatus.SUCCEEDED, Optional.empty());
      } catch (BuildFailure e) {
        fail(task, e.getMessage());
      } catch (InterruptedException | RuntimeException e) {
        // an interruption may also show as a broken database connection
        if (canceled.contains(build.id())) {
          Thread.interrupted();
          undo(task);
        } else if (e instanceof RuntimeException && !closed) {
          log.atError().setCause(e).log("build {} failed by a fault of ours", build.id());
          fail(task, "the build failed by an internal fault: " + e);
        } // else this process ends, and the build is handed over
      }
    } catch (RuntimeException e) {
      if (closed) {
        log.info("build {} is handed over", build.id());
      } else {
        log.atError()
            .setCause(e)
            .log("build {} cannot be ended now, and is tried again", build.id());
      }
    } catch (InterruptedException e) {
      log.info("build {} is handed over", build.id());
    } finally {
      running.remove(build.id());
      canceled.remove(build.id());
      wake();
    }
  }

  private void run(EngineTask task) throws BuildFailure, InterruptedException {
    Engine engine = engine(task.workspace().engine());
    switch (task.build().transition()) {
      case START -> engine.start(task);
      case STOP -> {
        engine.stop(task);
        dismissDaemon(task);
      }
      case DELETE -> {
        engine.delete(task);
        dismissDaemon(task);
      }
    }
  }

  /// Takes back what a canceled start did.
  private void undo(EngineTask task) throws InterruptedException {
    task.say("Canceled");
    try {
      engine(task.workspace().engine()).stop(task);
      dismissDaemon(task);
      finish(task, BuildStatus.CANCELED, Optional.empty());
    } catch (BuildFailure e) {
      fail(task, e.getMessage());
    }
  }

  private void fail(EngineTask task, @Nullable String message) {
    String error = message == null ? "the build failed" : message;
    task.say("Failed: " + error);
    finish(task, BuildStatus.FAILED, Optional.of(error));
  }

  private void finish(EngineTask task, BuildStatus status, Optional<String> error) {
    if (builds.finish(task.build(), id, status, error)) {
      log.info("build {} ({}) {}", task.build().id(), task.build().transition(), status);
    }
    changes.changed(task.workspace().id());
  }

  private void dismissDaemon(EngineTask task) {
    daemons.dismiss(task.workspace().id()).ifPresent(sendAway);
  }

  private EngineTask task(Workspace workspace, Build build) {
    return new EngineTask(
        workspace,
        build,
        () -> daemons.newToken(build.id(), Optional.empty()).value(),
        () -> isDaemonAttached(workspace.id()),
        line -> builds.log(build.id(), line));
  }

  private boolean isDaemonAttached(WorkspaceId id) {
    return workspaces.find(id).flatMap(Workspace::nodeId).filter(daemons::isAttached).isPresent();
  }

  /// Stops at once; builds that have not ended go on in the next process.
  @Override
  public void close() {
    closed = true;
    // not by interruption, which would break a database connection that they use
    ended.countDown();
    wake();
    List<Thread> threads = List.copyOf(running.values());
    threads.forEach(Thread::interrupt);
    try {
      long deadline = System.nanoTime() + CLOSE_MAX.toNanos();
      for (Thread thread : Stream.concat(threads.stream(), loops.stream()).toList()) {
        thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
      builds.release(id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("unfinished builds are taken over when their worker is stale");
    }
  }
}
