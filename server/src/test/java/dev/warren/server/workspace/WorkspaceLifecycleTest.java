package dev.warren.server.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.protocol.NodeId;
import dev.warren.server.access.UserId;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.http.ProblemException;
import dev.warren.server.template.Template;
import dev.warren.server.workspace.sandbox.Sandbox;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.relay.Admission.Decision;
import dev.warren.tunnel.relay.AttachRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class WorkspaceLifecycleTest {
  @RegisterExtension static final PostgresForTests POSTGRES = new PostgresForTests();

  private static final Duration SHORT = Duration.ofMillis(300);

  private WorkspaceKit kit;

  @BeforeEach
  void begins() throws Exception {
    kit = new WorkspaceKit(POSTGRES.database(), SHORT);
  }

  @AfterEach
  void ends() throws Exception {
    kit.close();
  }

  private static void needsBubblewrap() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
  }

  private Template local() {
    return kit.templates.findByName("local").orElseThrow();
  }

  @Test
  void aLocalWorkspaceStartsStopsStartsAgainAndIsRemoved() {
    needsBubblewrap();
    WorkspaceView made = kit.create("first", local());
    assertThat(made.status()).isIn(WorkspaceStatus.PENDING, WorkspaceStatus.STARTING);

    WorkspaceView running = kit.awaitEnd(made.id());
    assertThat(running.status()).as(kit.log(made.id())).isEqualTo(WorkspaceStatus.RUNNING);
    assertThat(running.daemon().status()).isEqualTo(DaemonStatus.State.CONNECTING);
    String firstToken = kit.token(made.id());
    Path home = kit.workspacesFolder().of(made.id()).home();
    assertThat(WorkspaceKit.read(home.resolve("arguments.txt")))
        .isEqualTo("--url http://127.0.0.1:9 --state /home/dev/.warren\n");

    assertThat(kit.build(made.id(), Transition.STOP).status()).isEqualTo(WorkspaceStatus.STOPPED);
    assertThat(Sandbox.find(kit.workspacesFolder().of(made.id()))).isEmpty();

    assertThat(kit.build(made.id(), Transition.START).status()).isEqualTo(WorkspaceStatus.RUNNING);
    WorkspaceKit.await(() -> !kit.token(made.id()).equals(firstToken));

    assertThat(kit.build(made.id(), Transition.DELETE).status()).isEqualTo(WorkspaceStatus.DELETED);
    assertThat(kit.workspacesFolder().of(made.id()).root()).doesNotExist();
    assertThat(kit.workspaces.findByName(kit.user, "first")).isEmpty();
  }

  @Test
  void aWorkspaceThatEndsAtOnceFailsItsBuildWithWhatItSaid() {
    needsBubblewrap();
    WorkspaceView made = kit.create("crashing", local());
    kit.awaitEnd(made.id());
    kit.build(made.id(), Transition.STOP);
    Path crash = kit.workspacesFolder().of(made.id()).home().resolve("crash");
    WorkspaceKit.await(() -> touch(crash));

    WorkspaceView failed = kit.build(made.id(), Transition.START);

    assertThat(failed.status()).isEqualTo(WorkspaceStatus.FAILED);
    assertThat(failed.latestBuild().error().orElse("")).contains("the stand-in crashes");
    assertThat(kit.log(made.id())).contains("Failed:");
  }

  private static boolean touch(Path file) {
    try {
      Files.createFile(file);
      return true;
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aLocalWorkspaceOutlivesTheControlPlane() throws Exception {
    needsBubblewrap();
    WorkspaceView made = kit.create("lasting", local());
    kit.awaitEnd(made.id());
    NodeId node = NodeIdentity.generate().id();
    admitted(WorkspaceKit.attach(node, Optional.of(kit.token(made.id()))));
    long process = Sandbox.find(kit.workspacesFolder().of(made.id())).orElseThrow().pid();

    kit.worker.close();
    kit.begin(SHORT);

    assertThat(Sandbox.find(kit.workspacesFolder().of(made.id())).orElseThrow().pid())
        .isEqualTo(process);
    assertThat(kit.workspaces.get(made.id()).daemon().status())
        .isEqualTo(DaemonStatus.State.DISCONNECTED);
    // with its key alone: the token was for the first time
    admitted(WorkspaceKit.attach(node, Optional.empty()));
    assertThat(kit.workspaces.get(made.id()).daemon().status())
        .isEqualTo(DaemonStatus.State.CONNECTED);
    // a start leaves it as it is
    kit.build(made.id(), Transition.START);
    assertThat(kit.log(made.id())).contains("runs already");
    assertThat(Sandbox.find(kit.workspacesFolder().of(made.id())).orElseThrow().pid())
        .isEqualTo(process);
  }

  @Test
  void aStartRepairsAWorkspaceWhoseSandboxDied() {
    needsBubblewrap();
    WorkspaceView made = kit.create("dying", local());
    kit.awaitEnd(made.id());
    long process = Sandbox.find(kit.workspacesFolder().of(made.id())).orElseThrow().pid();

    ProcessHandle.of(process).orElseThrow().destroyForcibly();
    WorkspaceKit.await(() -> Sandbox.find(kit.workspacesFolder().of(made.id())).isEmpty());

    assertThat(kit.workspaces.get(made.id()).daemon().status())
        .isEqualTo(DaemonStatus.State.DISCONNECTED);
    assertThat(kit.build(made.id(), Transition.START).status()).isEqualTo(WorkspaceStatus.RUNNING);
    assertThat(Sandbox.find(kit.workspacesFolder().of(made.id()))).isPresent();
  }

  @Test
  void anExternalWorkspaceIsUpOnceItsDaemonCame() {
    WorkspaceView made = kit.create("machine-1", kit.external());
    kit.awaitStatus(made.id(), WorkspaceStatus.STARTING);
    Workspaces.Introduction introduction =
        kit.workspaces.introduce(made.id(), java.time.Instant.now());
    NodeId node = NodeIdentity.generate().id();

    Decision.Admitted admitted =
        admitted(WorkspaceKit.attach(node, Optional.of(introduction.value())));

    assertThat(admitted.approvals())
        .singleElement()
        .satisfies(approval -> {
          assertThat(approval.dialer()).isEqualTo(kit.controlPlane);
          assertThat(approval.target()).isEqualTo(node);
        });
    WorkspaceView running = kit.awaitEnd(made.id());
    assertThat(running.status()).isEqualTo(WorkspaceStatus.RUNNING);
    assertThat(running.daemon())
        .isEqualTo(new DaemonStatus(DaemonStatus.State.CONNECTED, Optional.of("1.0")));

    assertThat(kit.build(made.id(), Transition.STOP).status()).isEqualTo(WorkspaceStatus.STOPPED);
    assertThat(kit.sentAway).containsExactly(node);
    assertThat(kit.daemons.admit(WorkspaceKit.attach(node, Optional.of(introduction.value()))))
        .isInstanceOf(Decision.Refused.class);
  }

  @Test
  void aSecondMachineWithTheSameTokenIsRefusedAndAudited() {
    WorkspaceView made = kit.create("machine-2", kit.external());
    String token = kit.workspaces.introduce(made.id(), java.time.Instant.now()).value();
    AttachRequest first = WorkspaceKit.attach(NodeIdentity.generate().id(), Optional.of(token));
    AttachRequest second = WorkspaceKit.attach(NodeIdentity.generate().id(), Optional.of(token));
    admitted(first);

    assertThat(kit.daemons.admit(second)).isInstanceOf(Decision.Refused.class);
    assertThat(kit.audited).containsExactly("machine-2true");

    kit.daemons.detached(first);
    admitted(second);
    assertThat(kit.audited).containsExactly("machine-2true", "machine-2false");
  }

  @Test
  void anUnknownDaemonIsRefusedForGood() {
    Decision decision =
        kit.daemons.admit(
            WorkspaceKit.attach(NodeIdentity.generate().id(), Optional.of("wrd_guess")));

    assertThat(decision)
        .isInstanceOfSatisfying(
            Decision.Refused.class, refused -> assertThat(refused.code()).isEqualTo(4401));
  }

  @Test
  void aStartCanBeCanceled() {
    WorkspaceView made = kit.create("machine-3", kit.external());
    kit.awaitStatus(made.id(), WorkspaceStatus.STARTING);

    kit.workspaces.cancel(made.latestBuild().id());

    WorkspaceView canceled = kit.awaitEnd(made.id());
    assertThat(canceled.status()).isEqualTo(WorkspaceStatus.STOPPED);
    assertThat(canceled.latestBuild().status()).isEqualTo(BuildStatus.CANCELED);
    assertThatThrownBy(() -> kit.workspaces.cancel(made.latestBuild().id()))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("409");
  }

  @Test
  void aBuildWhoseWorkerDiedIsTakenUpByTheNext() throws Exception {
    WorkspaceView made = kit.create("machine-4", kit.external());
    kit.awaitStatus(made.id(), WorkspaceStatus.STARTING);
    kit.worker.close();
    assertThat(kit.workspaces.get(made.id()).status()).isEqualTo(WorkspaceStatus.STARTING);

    kit.begin(SHORT);
    String token = kit.workspaces.introduce(made.id(), java.time.Instant.now()).value();
    admitted(WorkspaceKit.attach(NodeIdentity.generate().id(), Optional.of(token)));

    assertThat(kit.awaitEnd(made.id()).status()).isEqualTo(WorkspaceStatus.RUNNING);
  }

  @Test
  void aWorkspaceHasOneBuildAtATimeAndOneOwnersName() {
    WorkspaceView made = kit.create("machine-5", kit.external());

    assertThatThrownBy(() -> kit.workspaces.build(kit.user, made.id(), Transition.STOP, Map.of()))
        .hasMessageStartingWith("409");
    assertThatThrownBy(() -> kit.create("MACHINE-5", kit.external())).hasMessageStartingWith("409");
    assertThatThrownBy(() -> kit.create("no spaces", kit.external())).hasMessageStartingWith("400");
  }

  @Test
  void theSameOrderMakesOneBuild() {
    WorkspaceView made = kit.create("machine-7", kit.external());
    kit.awaitStatus(made.id(), WorkspaceStatus.STARTING);
    kit.workspaces.cancel(made.latestBuild().id());
    kit.awaitEnd(made.id());
    BuildId order = new BuildId(UUID.randomUUID());

    Build first = kit.workspaces.build(order, kit.user, made.id(), Transition.STOP, Map.of());
    Build again = kit.workspaces.build(order, kit.user, made.id(), Transition.STOP, Map.of());

    assertThat(again.id()).isEqualTo(first.id()).isEqualTo(order);
    assertThat(kit.workspaces.builds(made.id())).hasSize(2);
  }

  @Test
  void theSameCallMakesOneWorkspace() {
    UUID call = UUID.randomUUID();
    Template template = kit.external();
    WorkspaceView first = create("machine-6", template, call);
    WorkspaceView again = create("machine-6-again", template, call);

    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.name()).isEqualTo("machine-6");
  }

  private WorkspaceView create(String name, Template template, UUID call) {
    return kit.workspaces.create(
        kit.user,
        new Workspaces.NewWorkspace(
            Workspaces.newId(), name, template.id(), Map.of(), Optional.of(call)));
  }

  @Test
  void localWorkspacesAreForAdministratorsWhenThereAreSeveralUsers() {
    UserId member = kit.user("member");

    assertThatThrownBy(() ->
            kit.workspaces.create(
                member,
                new Workspaces.NewWorkspace(
                    Workspaces.newId(), "mine", local().id(), Map.of(), Optional.empty())))
        .hasMessageStartingWith("403");
  }

  private Decision.Admitted admitted(AttachRequest request) {
    Decision decision = kit.daemons.admit(request);
    assertThat(decision).isInstanceOf(Decision.Admitted.class);
    kit.daemons.attached(request);
    return (Decision.Admitted) decision;
  }
}
