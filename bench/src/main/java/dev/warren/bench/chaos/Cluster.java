package dev.warren.bench.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;

/// Replicas on one PostgreSQL behind one gate, with a gate each for the others, and workspaces:
/// daemons on this machine that the installer's line brought, in folders of their own. All of it
/// ends with the run.
final class Cluster implements AutoCloseable {
  private static final String EMAIL = "chaos@example.org";
  private static final String PASSWORD = "a long enough passphrase";
  private static final Duration CONNECT_MAX = Duration.ofMinutes(2);

  private final Path folder;
  private final Database database;
  private final TcpGate gate;
  private final List<TcpGate> peerGates = new ArrayList<>();
  private final List<ReplicaProcess> replicas = new ArrayList<>();
  private final List<String> workspaces = new ArrayList<>();
  private final Api api;
  private final AtomicBoolean closed = new AtomicBoolean();

  Cluster(Path folder, long seed, int replicaCount) {
    this.folder = folder;
    this.database = new Database(folder.resolve("postgres"), seed);
    this.gate = new TcpGate(seed);
    byte[] key = new byte[32];
    new Random(seed).nextBytes(key);
    Map<String, String> settings =
        Map.of(
            "WARREN_POSTGRES_URL",
            database.url(),
            "WARREN_ENCRYPTION_KEYS",
            Base64.getEncoder().encodeToString(key),
            "WARREN_ACCESS_URL",
            "http://127.0.0.1:" + gate.port(),
            "WARREN_ADMIN_USERNAME",
            "chaos",
            "WARREN_ADMIN_EMAIL",
            EMAIL,
            "WARREN_ADMIN_PASSWORD",
            PASSWORD);
    for (int i = 0; i < replicaCount; i++) {
      int port = freePort();
      TcpGate peerGate = new TcpGate(seed + i);
      peerGate.lead(List.of(port));
      peerGates.add(peerGate);
      String peerUrl = "http://127.0.0.1:" + peerGate.port();
      replicas.add(new ReplicaProcess(folder.resolve("replica-" + i), port, peerUrl, settings));
      if (i == 0) {
        // The first one makes the schema and the administrator.
        replicas.getFirst().awaitReady();
      }
    }
    gate.lead(replicas.stream().map(ReplicaProcess::port).toList());
    awaitReady();
    this.api = new Api("http://127.0.0.1:" + gate.port());
    api.signIn(EMAIL, PASSWORD);
    // Daemons and replicas are processes of their own: an interrupted run leaves none behind.
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Api api() {
    return api;
  }

  Database database() {
    return database;
  }

  TcpGate gate() {
    return gate;
  }

  /// The ways between replicas, one to each.
  List<TcpGate> peerGates() {
    return peerGates;
  }

  List<ReplicaProcess> replicas() {
    return replicas;
  }

  List<String> workspaces() {
    return workspaces;
  }

  void awaitReady() {
    replicas.forEach(ReplicaProcess::awaitReady);
  }

  void useModel(String url) {
    JsonNode provider =
        api.post(
                "/admin/providers",
                Map.of("name", "scripted", "kind", "anthropic", "base_url", url, "api_key", "none"))
            .good();
    api.post(
            "/admin/models",
            Map.of(
                "provider_id",
                provider.path("id").asString(),
                "name",
                "scripted",
                "context_limit",
                200_000))
        .good();
  }

  /// Has a person asked before commands that begin so.
  void askBefore(String command) {
    Map<String, String> rule = Map.of("tool", "execute", "decision", "ask", "command", command);
    JsonNode _ = api.patch("/admin/settings", Map.of("approval_rules", List.of(rule))).good();
  }

  /// Makes workspaces and their daemons, and waits until all have come.
  void addWorkspaces(int count) {
    String template =
        api.post("/templates", Map.of("name", "machine", "engine", "external"))
            .good()
            .path("id")
            .asString();
    for (int i = workspaces.size(); i < count; i++) {
      String id =
          api.post("/workspaces", Map.of("name", "machine-" + i, "template_id", template))
              .good()
              .path("id")
              .asString();
      workspaces.add(id);
      String line =
          api.post("/workspaces/" + id + "/daemon-token", Map.of())
              .good()
              .path("command")
              .asString();
      install(i, line);
    }
    long end = System.nanoTime() + CONNECT_MAX.toNanos();
    for (String id : workspaces) {
      while (!isConnected(id)) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException(
              "no daemon: " + api.get("/workspaces/" + id) + replicas.getFirst().logEnd());
        }
        TcpGate.pause(Duration.ofMillis(100));
      }
    }
  }

  private boolean isConnected(String id) {
    JsonNode workspace = api.get("/workspaces/" + id).good();
    return workspace.path("status").asString().equals("running")
        && workspace.path("daemon").path("status").asString().equals("connected");
  }

  private Path home(int workspace) {
    return folder.resolve("machine-" + workspace);
  }

  private void install(int workspace, String line) {
    try {
      Files.createDirectories(home(workspace));
      ProcessBuilder builder = new ProcessBuilder("sh", "-c", line);
      builder.environment().clear();
      builder.environment().put("HOME", home(workspace).toString());
      builder.environment().put("PATH", System.getenv("PATH"));
      builder.environment().put("LANG", "C.UTF-8");
      builder.directory(home(workspace).toFile());
      builder.redirectErrorStream(true);
      Path log = home(workspace).resolve("install.log");
      builder.redirectOutput(log.toFile());
      Process installer = builder.start();
      if (!installer.waitFor(60, TimeUnit.SECONDS) || installer.exitValue() != 0) {
        throw new IllegalStateException("the installer failed: " + Files.readString(log));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The processes of a workspace's daemon: the JVM, not its supervisor or the commands.
  private List<ProcessHandle> daemons(int workspace) {
    String runtime = home(workspace) + "/";
    return ProcessHandle.allProcesses()
        .filter(process ->
            process.info().command().filter(path -> path.startsWith(runtime)).isPresent())
        .filter(
            process -> process.info().command().filter(path -> path.endsWith("/java")).isPresent())
        .toList();
  }

  /// `kill -9`; its supervisor starts it again.
  void killDaemon(int workspace) {
    daemons(workspace).forEach(ProcessHandle::destroyForcibly);
  }

  /// Stops the workspaces, which sends their daemons away, and then everything else.
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    for (String id : workspaces) {
      var _ = api.once("POST", "/workspaces/" + id + "/builds", Map.of("transition", "stop"));
    }
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    for (int i = 0; i < workspaces.size(); i++) {
      while (!daemons(i).isEmpty() && System.nanoTime() < end) {
        TcpGate.pause(Duration.ofMillis(100));
      }
      daemons(i)
          .forEach(process -> {
            process.parent().ifPresent(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
          });
    }
    replicas.parallelStream().forEach(ReplicaProcess::close);
    gate.close();
    peerGates.forEach(TcpGate::close);
    database.close();
  }
}
