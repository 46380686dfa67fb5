package dev.warren.server.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.DaemonInfo;
import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.server.access.Caller;
import dev.warren.server.access.CredentialId;
import dev.warren.server.access.Role;
import dev.warren.server.access.Scope;
import dev.warren.server.access.UserId;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.db.Database;
import dev.warren.server.db.PostgresForTests;
import dev.warren.server.gitauth.GitCredentials;
import dev.warren.server.http.Authenticator;
import dev.warren.server.http.HttpServer;
import dev.warren.server.http.HttpSettings;
import dev.warren.server.http.Route;
import dev.warren.server.http.relay.RelayFront;
import dev.warren.server.sealing.Keyring;
import dev.warren.server.template.TemplateRoutes;
import dev.warren.server.template.Templates;
import dev.warren.server.workspace.sandbox.FolderRemoval;
import dev.warren.server.workspace.sandbox.Sandbox;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.RelayEndpoint;
import dev.warren.tunnel.StreamAcceptor;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.TunnelStream;
import dev.warren.tunnel.relay.Relay;
import dev.warren.tunnel.relay.RelaySettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// The real daemon in the real sandbox, over the real relay and API.
final class DaemonAttachTest {
  @RegisterExtension static final PostgresForTests POSTGRES = new PostgresForTests();

  private static final Path BUNDLES = Path.of("../daemon/target/bundle").toAbsolutePath();

  private final HttpClient client = HttpClient.newHttpClient();
  private final NodeIdentity identity = NodeIdentity.generate();
  private final UserId user = new UserId(UuidV7.next());
  private Path folder;
  private URI url;
  private WorkspaceFeature feature;
  private TunnelNode node;
  private Relay relay;
  private HttpServer http;
  private Process installed;

  @BeforeEach
  void begins() throws Exception {
    String platform = DaemonBundles.canonical("linux-" + System.getProperty("os.arch"));
    assumeTrue(
        Files.exists(BUNDLES.resolve(platform + ".tar.gz")),
        "the daemon's bundle is not built: mvnw -pl daemon package");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/bwrap")), "bubblewrap is not installed");
    folder = Files.createTempDirectory(Path.of("/tmp"), "warren-attach-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectory(folder.resolve("data"));
    user();
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      url = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    open();
  }

  @AfterEach
  void ends() throws Exception {
    if (installed != null) {
      installed.destroyForcibly();
    }
    if (http != null) {
      shut();
      feature.removeLocal();
      FolderRemoval.remove(folder);
    }
  }

  private void open() throws Exception {
    Database database = POSTGRES.database();
    Clock clock = Clock.systemUTC();
    Templates templates = new Templates(database);
    node = new TunnelNode(identity, StreamAcceptor.NONE);
    feature =
        new WorkspaceFeature(
            new WorkspaceSettings(folder.resolve("data"), BUNDLES, () -> url, true, "", false),
            database,
            templates,
            node,
            new OneUser(user),
            new GitCredentials(
                database,
                Keyring.parse(Base64.getEncoder().encodeToString(new byte[Keyring.KEY_BYTES]))),
            new AuditLog(database, clock),
            clock);
    relay = new Relay(RelaySettings.of(node.id()), feature.admission());
    List<Route> routes = new ArrayList<>(feature.routes());
    routes.addAll(new TemplateRoutes(templates, new AuditLog(database, clock)).routes());
    http =
        new HttpServer(
            new HttpSettings(new InetSocketAddress("127.0.0.1", url.getPort()), url, Set.of()),
            routes,
            new OneUser(user),
            Optional.of(database),
            List.of(next -> new RelayFront(next, relay, "/relay")),
            new SimpleMeterRegistry());
    relay.start();
    node.start();
    node.attach(new RelayEndpoint.InProcess(relay));
    http.start();
    feature.start(relay);
  }

  private void shut() {
    feature.close();
    http.close();
    node.close();
    relay.close();
  }

  @Test
  void aLocalWorkspaceIsMadeUsedAndStoppedOverTheApi() throws Exception {
    JsonNode made = create("local");
    String path = "/api/v1/workspaces/" + made.path("id").asString();

    JsonNode running = awaitConnected(path);
    assertThat(running.path("status").asString()).isEqualTo("running");
    assertThat(running.path("daemon").path("version").asString()).isNotEmpty();
    String log =
        text(
            "/api/v1/builds/"
                + running.path("latest_build").path("id").asString()
                + "/logs?follow=true");
    System.out.println(log);
    assertThat(log).contains("The daemon has connected");

    DaemonInfo info = feature.connections().client(id(made)).info();
    assertThat(info.user()).isEqualTo("dev");
    assertThat(info.home()).isEqualTo("/home/dev");
    JsonNode connection = get(path + "/connection");
    assertThat(connection.path("path").asString()).isEqualTo("relay");
    assertThat(connection.path("rtt_ms").asDouble()).isPositive();
    // it shares the host's network, so what listens there shows, but nothing of its own
    assertThat(get(path + "/ports").path("ports").isArray()).isTrue();
    assertThat(listenersOf(id(made))).isEmpty();

    post(path + "/builds", "{\"transition\":\"stop\"}", 201);
    WorkspaceKit.await(() -> get(path).path("status").asString().equals("stopped"));
    assertThat(get(path).path("daemon").path("status").asString()).isEqualTo("disconnected");
    assertThat(status(path + "/connection")).isEqualTo(409);

    post(path + "/builds", "{\"transition\":\"start\"}", 201);
    awaitConnected(path);
    post(path + "/builds", "{\"transition\":\"delete\"}", 201);
    WorkspaceKit.await(() -> get(path).path("status").asString().equals("deleted"));
  }

  @Test
  void theDaemonComesBackAfterTheControlPlaneAndAfterItsOwnDeath() throws Exception {
    JsonNode made = create("local");
    String path = "/api/v1/workspaces/" + made.path("id").asString();
    awaitConnected(path);
    long first = sandbox(made);

    shut();
    open();

    awaitConnected(path);
    assertThat(sandbox(made)).isEqualTo(first);
    feature.connections().client(id(made)).info();

    ProcessHandle java =
        ProcessHandle.of(first)
            .orElseThrow()
            .descendants()
            .filter(process -> process.info().command().orElse("").endsWith("/java"))
            .findFirst()
            .orElseThrow();
    java.destroyForcibly();
    WorkspaceKit.await(() -> !java.isAlive());
    WorkspaceKit.await(
        () -> !get(path).path("daemon").path("status").asString().equals("connected"));
    awaitConnected(path);
    assertThat(sandbox(made)).isEqualTo(first);
    feature.connections().client(id(made)).info();
  }

  @Test
  void anyMachineBecomesAnExternalWorkspaceByOneLine() throws Exception {
    post("/api/v1/templates", "{\"name\":\"machines\",\"engine\":\"external\"}", 201);
    JsonNode made = create("machines");
    String path = "/api/v1/workspaces/" + made.path("id").asString();
    String command =
        post(path + "/daemon-token", "", 200).path("command").asString()
            + " --dir "
            + folder.resolve("machine");
    System.out.println(command);
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", command + " --foreground");
    builder.environment().put("HOME", folder.toString());
    installed =
        builder
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("install.log").toFile())
            .start();
    try {
      awaitConnected(path);
    } finally {
      System.out.println(Files.readString(folder.resolve("install.log")));
    }

    try (TunnelStream stream =
        feature.connections().open(id(made), StreamKind.PING, "", Duration.ofSeconds(5))) {
      stream.output().write("hello".getBytes(UTF_8));
      stream.shutdownOutput();
      assertThat(new String(stream.input().readAllBytes(), UTF_8)).isEqualTo("hello");
    }
    post(path + "/builds", "{\"transition\":\"stop\"}", 201);
    assertThat(installed.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(get(path).path("status").asString()).isEqualTo("stopped");
  }

  @Test
  void theBundleIsServedWithRangesAndTags() throws Exception {
    String platform = DaemonBundles.canonical("linux-" + System.getProperty("os.arch"));
    Path bundle = BUNDLES.resolve(platform + ".tar.gz");
    HttpResponse<byte[]> whole = fetch("/daemon/" + platform + ".tar.gz");
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(Files.readAllBytes(bundle));
    String tag = whole.headers().firstValue("ETag").orElseThrow();

    HttpResponse<byte[]> part =
        fetch("/daemon/linux-x86_64.tar.gz", "Range", "bytes=10-19", "If-Range", tag);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(whole.body(), 10, 20));
    assertThat(fetch("/daemon/" + platform + ".tar.gz", "If-None-Match", tag).statusCode())
        .isEqualTo(304);

    HttpResponse<byte[]> missing = fetch("/daemon/linux-riscv64.tar.gz");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(new String(missing.body(), UTF_8))
        .contains("put the bundle of that name", "./warren bundle arm64");
    assertThat(new String(fetch("/daemon/install.sh").body(), UTF_8)).startsWith("#!/bin/sh");
  }

  private JsonNode create(String template) throws Exception {
    JsonNode found = get("/api/v1/templates?name=" + template).path("items").path(0);
    return post(
        "/api/v1/workspaces",
        "{\"name\":\"ws\",\"template_id\":\"" + found.path("id").asString() + "\"}",
        201);
  }

  private JsonNode awaitConnected(String path) {
    WorkspaceKit.await(() -> {
      JsonNode now = get(path);
      assertThat(now.path("status").asString()).as(now.toString()).isNotEqualTo("failed");
      return now.path("status").asString().equals("running")
          && now.path("daemon").path("status").asString().equals("connected");
    });
    return get(path);
  }

  private long sandbox(JsonNode workspace) throws IOException {
    return Sandbox.find(WorkspacesFolder.beside(folder.resolve("data")).of(id(workspace)))
        .orElseThrow()
        .pid();
  }

  private static WorkspaceId id(JsonNode workspace) {
    return new WorkspaceId(java.util.UUID.fromString(workspace.path("id").asString()));
  }

  /// TCP ports that a process of the workspace's user listens on.
  private List<String> listenersOf(WorkspaceId id) throws IOException {
    int uid =
        (int)
            Files.getAttribute(
                WorkspacesFolder.beside(folder.resolve("data")).of(id).home(), "unix:uid");
    List<String> found = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] words = line.strip().split("\\s+");
        if (words[3].equals("0A") && words[7].equals(Integer.toString(uid)) && uid != 0) {
          found.add(words[1]);
        }
      }
    }
    return found;
  }

  private void user() {
    POSTGRES
        .database()
        .use(handle ->
            handle
                .createUpdate(
                    "INSERT INTO users (id, email, username, role)"
                        + " VALUES (:id, :name || '@example.com', :name, 'admin')")
                .bind("id", user)
                .bind("name", user.toString())
                .execute());
  }

  private JsonNode get(String path) {
    try {
      return Json.STRICT.readTree(fetch(path).body());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String text(String path) throws Exception {
    return new String(fetch(path).body(), UTF_8);
  }

  private int status(String path) throws Exception {
    return fetch(path).statusCode();
  }

  private HttpResponse<byte[]> fetch(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path)).header("Authorization", "Bearer any");
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private JsonNode post(String path, String body, int status) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url.resolve(path)).header("Authorization", "Bearer any");
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    HttpResponse<String> answer =
        client.send(
            request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return Json.STRICT.readTree(answer.body());
  }

  /// Everybody is this administrator.
  private record OneUser(UserId id) implements Authenticator {
    @Override
    public Optional<Caller> byToken(String token) {
      return Optional.of(
          new Caller(
              id, "user", "user@example.com", Role.ADMIN, new CredentialId(id.value()), Scope.ALL));
    }

    @Override
    public Session bySession(String session, Optional<String> csrf) {
      return new Session.Unknown();
    }

    @Override
    public Set<CredentialId> revoked(Collection<CredentialId> credentials) {
      return Set.of();
    }
  }
}
