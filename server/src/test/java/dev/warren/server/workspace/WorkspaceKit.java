package dev.warren.server.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.protocol.NodeId;
import dev.warren.protocol.UuidV7;
import dev.warren.protocol.tunnel.NodeRole;
import dev.warren.server.access.UserId;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.db.Database;
import dev.warren.server.gitauth.GitCredentials;
import dev.warren.server.http.FakeAuthenticator;
import dev.warren.server.sealing.KeyStore;
import dev.warren.server.sealing.Keyring;
import dev.warren.server.template.EngineKind;
import dev.warren.server.template.Template;
import dev.warren.server.template.Templates;
import dev.warren.server.workspace.sandbox.FolderRemoval;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.StreamAcceptor;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.relay.Admission;
import dev.warren.tunnel.relay.AttachRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.Assertions;

/// Workspaces on a real database and a real host, with a stand-in for the daemon: a script that
/// notes its token and waits. The test plays its attach.
public final class WorkspaceKit implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Keyring KEYRING =
      Keyring.parse(Base64.getEncoder().encodeToString(new byte[Keyring.KEY_BYTES]));
  private static final AtomicLong ATTACHES = new AtomicLong();

  final Path folder;
  final Database database;
  public final Templates templates;
  final GitCredentials credentials;
  final List<NodeId> sentAway = new CopyOnWriteArrayList<>();
  final List<String> audited = new CopyOnWriteArrayList<>();
  final NodeId controlPlane = NodeIdentity.generate().id();
  public final UserId user;
  WorkspaceStore store;
  final FakeAuthenticator authenticator = new FakeAuthenticator();
  Clients clients;
  Daemons daemons;
  BuildWorker worker;
  public Workspaces workspaces;
  public WorkspaceConnections connections;
  LocalEngine local;

  public WorkspaceKit(Database database, Duration localDaemonWait) throws Exception {
    this.database = database;
    this.folder = Files.createTempDirectory(Path.of("/tmp"), "warren-kit-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectory(folder.resolve("data"));
    this.templates = new Templates(database);
    new KeyStore(database).enter(KEYRING);
    this.credentials = new GitCredentials(database, KEYRING);
    templates.seed();
    this.user = user("admin");
    bundle(folder);
    begin(localDaemonWait);
  }

  /// Answers daemons with what `credentials` has.
  DaemonGit git() {
    return new DaemonGit(
        daemons, templates, credentials, new AuditLog(database, Clock.systemUTC()));
  }

  /// A control plane begins, perhaps after another one's death.
  void begin(Duration localDaemonWait) throws IOException {
    WorkspaceChanges changes = new WorkspaceChanges();
    store = new WorkspaceStore(database);
    BuildStore builds = new BuildStore(database);
    clients =
        new Clients(
            new DaemonStore(database), authenticator, (client, reason) -> sentAway.add(client));
    daemons =
        new Daemons(
            new DaemonStore(database),
            controlPlane,
            clients,
            (workspace, known, request, refused) -> audited.add(workspace.name() + refused),
            changes);
    local =
        new LocalEngine(
            new LocalEngine.Settings(
                workspacesFolder(),
                folder.resolve("data"),
                new DaemonBundles(folder.resolve("bundles")),
                () -> URI.create("http://127.0.0.1:9"),
                List.of(),
                false,
                localDaemonWait));
    ExternalEngine external = new ExternalEngine(Duration.ofMinutes(1), Duration.ofMillis(20));
    worker =
        new BuildWorker(builds, store, daemons, List.of(local, external), changes, sentAway::add);
    workspaces = new Workspaces(store, builds, daemons, worker, templates, changes, false);
    connections =
        new WorkspaceConnections(
            store, daemons, new TunnelNode(NodeIdentity.generate(), StreamAcceptor.NONE), changes);
    worker.start();
  }

  WorkspacesFolder workspacesFolder() {
    return new WorkspacesFolder(folder.resolve("workspaces"));
  }

  public UserId user(String role) {
    UserId id = new UserId(UuidV7.next());
    database.use(handle ->
        handle
            .createUpdate(
                "INSERT INTO users (id, email, username, role) VALUES (:id, :email, :name, :role)")
            .bind("id", id)
            .bind("email", id + "@example.com")
            .bind("name", "u" + id)
            .bind("role", role)
            .execute());
    return id;
  }

  public Template external() {
    return templates
        .findByName("machine")
        .orElseGet(() ->
            templates.create(
                user,
                new Templates.NewTemplate(
                    "machine",
                    EngineKind.EXTERNAL,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty())));
  }

  /// Plays the daemon of an external workspace that waits for one.
  public void attachExternal(WorkspaceId id) {
    await(() -> workspaces.get(id).status() == WorkspaceStatus.STARTING);
    String token = workspaces.introduce(id, java.time.Instant.now()).value();
    AttachRequest request = attach(NodeIdentity.generate().id(), Optional.of(token));
    assertThat(daemons.admit(request)).isInstanceOf(Admission.Decision.Admitted.class);
    daemons.attached(request);
  }

  public WorkspaceView create(String name, Template template) {
    return workspaces.create(
        user,
        new Workspaces.NewWorkspace(
            Workspaces.newId(), name, template.id(), Map.of(), Optional.empty()));
  }

  WorkspaceView build(WorkspaceId id, Transition transition) {
    workspaces.build(user, id, transition, Map.of());
    return awaitEnd(id);
  }

  /// Waits until no build of the workspace is active.
  public WorkspaceView awaitEnd(WorkspaceId id) {
    await(() -> !workspaces.get(id).latestBuild().status().isActive());
    return workspaces.get(id);
  }

  WorkspaceView awaitStatus(WorkspaceId id, WorkspaceStatus status) {
    await(() -> workspaces.get(id).status() == status);
    return workspaces.get(id);
  }

  String log(WorkspaceId id) {
    return String.join(
        "\n",
        workspaces.log(workspaces.get(id).latestBuild().id(), 0, 1000).stream()
            .map(BuildStore.Line::line)
            .toList());
  }

  /// What the stand-in was handed.
  String token(WorkspaceId id) {
    Path file = workspacesFolder().of(id).home().resolve("token.txt");
    await(() -> Files.exists(file));
    return read(file).strip();
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static AttachRequest attach(NodeId node, Optional<String> token) {
    return new AttachRequest(
        ATTACHES.incrementAndGet(),
        node,
        NodeRole.DAEMON,
        token,
        "1.0",
        UuidV7.next(),
        "127.0.0.1");
  }

  public static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        Assertions.fail("not within " + PATIENCE);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private static void bundle(Path folder) throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bundle/bin"));
    Path script = bin.resolve("warren-daemon");
    Files.writeString(
        script,
        """
        #!/bin/sh
        cat <&3 > token.new; mv token.new token.txt; echo "$@" > arguments.txt
        [ ! -e crash ] || { echo "the stand-in crashes"; exit 3; }
        trap 'exit 0' TERM
        while :; do sleep 1 & wait $!; done
        """);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path bundles = Files.createDirectories(folder.resolve("bundles"));
    String platform = DaemonBundles.canonical("linux-" + System.getProperty("os.arch"));
    List<String> tar = new ArrayList<>(List.of("tar", "-C", folder.resolve("bundle").toString()));
    tar.addAll(List.of("-czf", bundles.resolve(platform + ".tar.gz").toString(), "."));
    assertThat(new ProcessBuilder(tar).start().waitFor()).isZero();
  }

  @Override
  public void close() throws Exception {
    worker.close();
    for (WorkspaceId id : store.existing(EngineKind.LOCAL)) {
      dev.warren.server.workspace.sandbox.Sandbox.stop(
          workspacesFolder().of(id), Duration.ZERO, false);
      dev.warren.server.workspace.sandbox.Sandbox.delete(workspacesFolder().of(id));
    }
    FolderRemoval.remove(folder);
  }
}
