package dev.warren.server;

import dev.warren.server.access.UserId;
import dev.warren.server.app.AppRoutes;
import dev.warren.server.app.Apps;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.db.Database;
import dev.warren.server.db.EmbeddedPostgres;
import dev.warren.server.files.FileRoutes;
import dev.warren.server.files.FileStore;
import dev.warren.server.gitauth.GitCredentialRoutes;
import dev.warren.server.gitauth.GitCredentials;
import dev.warren.server.http.Front;
import dev.warren.server.http.HttpServer;
import dev.warren.server.http.HttpSettings;
import dev.warren.server.http.Route;
import dev.warren.server.http.app.AppFront;
import dev.warren.server.http.relay.RelayFront;
import dev.warren.server.identity.Fields;
import dev.warren.server.identity.Identity;
import dev.warren.server.identity.SignInRoutes;
import dev.warren.server.identity.TokenRoutes;
import dev.warren.server.identity.UserRoutes;
import dev.warren.server.model.ModelCatalog;
import dev.warren.server.model.ModelRoutes;
import dev.warren.server.model.ProviderRoutes;
import dev.warren.server.model.ProviderSetup;
import dev.warren.server.sealing.KeyStore;
import dev.warren.server.sealing.Keyring;
import dev.warren.server.template.TemplateRoutes;
import dev.warren.server.template.Templates;
import dev.warren.server.workspace.WorkspaceFeature;
import dev.warren.server.workspace.WorkspaceSettings;
import dev.warren.tunnel.NodeIdentity;
import dev.warren.tunnel.RelayEndpoint;
import dev.warren.tunnel.StreamAcceptor;
import dev.warren.tunnel.TunnelNode;
import dev.warren.tunnel.relay.Relay;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The control plane, put together by hand: each feature's parts in order, closed in reverse.
public final class ControlPlane implements AutoCloseable {
  /// Tokens of the scripted model's window.
  private static final long DEMO_CONTEXT_LIMIT = 200_000;

  private final Settings settings;
  private final Closing closing;
  private final Identity identity;
  private final ProviderSetup providers;
  private final WorkspaceFeature workspaces;
  private final HttpServer http;
  private final List<Route> routes;

  private ControlPlane(
      Settings settings,
      Closing closing,
      Identity identity,
      ProviderSetup providers,
      WorkspaceFeature workspaces,
      HttpServer http,
      List<Route> routes) {
    this.settings = settings;
    this.closing = closing;
    this.identity = identity;
    this.providers = providers;
    this.workspaces = workspaces;
    this.http = http;
    this.routes = List.copyOf(routes);
  }

  /// Starts one. When a part does not start, those before it are closed again.
  ///
  /// @param progress gets a line when something takes a while
  /// @throws SettingException when an operator's setting is wrong
  public static ControlPlane start(Settings settings, Consumer<String> progress)
      throws IOException, InterruptedException {
    Closing closing = new Closing();
    try {
      return start(settings, progress, closing);
    } catch (Throwable e) {
      closing.close();
      throw e;
    }
  }

  private static ControlPlane start(Settings settings, Consumer<String> progress, Closing closing)
      throws IOException, InterruptedException {
    // PostgreSQL keeps microseconds: a time in an answer is then the one that is read back later.
    Clock clock = Clock.tick(Clock.systemUTC(), Duration.of(1, ChronoUnit.MICROS));
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    HttpServer.checkFree(settings.address());
    Path data = closing.add(DataFolder.take(settings.dataFolder())).path();
    Database database = closing.add(database(settings, data, progress, closing));
    List<Route> routes = new ArrayList<>();
    AccessUrl accessUrl = new AccessUrl(settings.accessUrl(settings.address().getPort()));

    // Who asks
    AuditLog audit = new AuditLog(database, clock);
    Identity identity = new Identity(database, clock);
    boolean secure = accessUrl.get().getScheme().equals("https");
    routes.addAll(audit.routes());
    routes.addAll(new SignInRoutes(identity, audit, clock, secure).routes());
    routes.addAll(new UserRoutes(identity, audit).routes());
    routes.addAll(new TokenRoutes(identity, audit).routes());

    // Models, and what goes to them
    KeyStore keys = new KeyStore(database);
    Keyring keyring = Keys.open(settings, data, keys);
    GitCredentials git = new GitCredentials(database, keyring);
    git.resealAll();
    routes.addAll(new GitCredentialRoutes(git, audit).routes());
    ModelCatalog models = closing.add(new ModelCatalog(database, keyring, metrics));
    models.resealAll(keys);
    ProviderSetup providers = new ProviderSetup(models, audit);
    providers.fromEnvironment(settings.environment());
    FileStore files = new FileStore(database);
    routes.addAll(new ProviderRoutes(models, audit).routes());
    routes.addAll(new FileRoutes(files).routes());

    // Workspaces, and the tunnel to them
    NodeIdentity nodeIdentity = NodeIdentity.loadOrCreate(data.resolve("node"));
    TunnelSetup tunnel = new TunnelSetup(settings.direct(), settings.address().getPort());
    TunnelNode node = closing.add(new TunnelNode(nodeIdentity, StreamAcceptor.NONE, tunnel.node()));
    ReplicaFeature replicas =
        closing.add(new ReplicaFeature(database, settings.replicaUrl(), nodeIdentity, clock));
    Templates templates = new Templates(database);
    WorkspaceFeature workspaces =
        closing.add(
            new WorkspaceFeature(
                new WorkspaceSettings(
                    data,
                    Path.of(System.getProperty("warren.home", "."), "daemon"),
                    accessUrl,
                    settings.isLoopback(),
                    settings.localMounts(),
                    settings.localUnisolated()),
                database,
                templates,
                node,
                identity,
                git,
                audit,
                clock));
    Relay relay = closing.add(new Relay(tunnel.relay(node.id()), workspaces.admission()));
    TunnelSetup.count(metrics, node, relay);
    routes.addAll(new TemplateRoutes(templates, audit).routes());
    routes.addAll(workspaces.routes());
    routes.addAll(replicas.routes());
    AppsUrl appsUrl = new AppsUrl(settings);
    Apps apps = new Apps(database, workspaces.connections(), identity, appsUrl, clock);
    routes.addAll(new AppRoutes(workspaces.workspaces(), apps).routes());
    replicas.carry(workspaces.workspaces().changes());

    // Chats, and the agent that works on them
    ChatFeature chats =
        closing.add(
            new ChatFeature(
                database,
                new ChatLinks(models, files, workspaces.workspaces()),
                templates,
                workspaces,
                replicas,
                audit,
                clock));
    routes.addAll(chats.routes());
    routes.addAll(new ModelRoutes(models, audit, chats.toolNames()).routes());

    // The port
    routes.addAll(new ProbeRoutes(database, metrics).routes());
    List<Front> fronts = List.of(AppFront.at(appsUrl, apps), RelayFront.at("/relay", relay));
    HttpServer http =
        closing.add(
            new HttpServer(
                new HttpSettings(settings.address(), accessUrl.get(), hosts(settings)),
                routes,
                identity,
                Optional.of(database),
                fronts,
                metrics));
    identity.onRevoked(http::revoke);
    identity.onRevoked(workspaces::revoke);
    identity.onRevoked(apps::revoke);
    createFirstAdmin(settings, identity, audit);

    relay.start();
    node.start();
    node.attach(new RelayEndpoint.InProcess(relay));
    http.start();
    accessUrl.set(settings.accessUrl(http.port()));
    appsUrl.listensOn(http.port());
    workspaces.start(relay);
    replicas.start(relay.mesh());
    chats.start();
    List<Runnable> chores = List.of(identity::purge, http::purge, apps::purge, chats.retention());
    closing.add(new Housekeeping(chores)).start();
    return new ControlPlane(settings, closing, identity, providers, workspaces, http, routes);
  }

  private static Database database(
      Settings settings, Path data, Consumer<String> progress, Closing closing)
      throws IOException, InterruptedException {
    if (settings.postgresUrl().isPresent()) {
      return Database.open(settings.postgresUrl().get());
    }
    Path folder = data.resolve("postgres");
    EmbeddedPostgres postgres =
        closing.add(
            EmbeddedPostgres.start(
                settings.programsFolder(), folder, settings.postgresSettings(), progress));
    return Database.open(postgres.url());
  }

  private static Set<String> hosts(Settings settings) {
    return settings.replicaUrl().map(url -> Set.of(url.getHost())).orElse(Set.of());
  }

  private static void createFirstAdmin(Settings settings, Identity identity, AuditLog audit) {
    if (settings.firstAdmin().isEmpty() || identity.hasUsers()) {
      return;
    }
    Settings.FirstAdmin admin = settings.firstAdmin().get();
    try {
      Fields.username(admin.username());
      Fields.email(admin.email());
      Fields.password(admin.password().reveal());
    } catch (RuntimeException e) {
      throw new SettingException("WARREN_ADMIN_… is wrong: " + e.getMessage());
    }
    identity
        .createFirst(admin.email(), admin.username(), admin.password().reveal())
        .ifPresent(id ->
            audit.record(Optional.of(id), "setting", "user.create", "user " + id, "the first"));
  }

  /// What browsers and daemons use.
  public URI url() {
    return settings.accessUrl(http.port());
  }

  /// How the first user gets in, while there is none.
  public Optional<URI> setupLink() {
    return identity.hasUsers()
        ? Optional.empty()
        : Optional.of(URI.create(url() + "/setup#code=" + identity.createSetupCode()));
  }

  /// Makes the first user, an administrator, and a link that signs him in once.
  URI createDemoUser(String email, String username, String password) {
    UserId id =
        identity
            .createFirst(email, username, password)
            .orElseThrow(() -> new IllegalStateException("there is a user already"));
    return URI.create(url() + "/signin#token=" + identity.createSignInLink(id));
  }

  /// Makes a model out of a server that answers as Anthropic's does.
  void addScriptedModel(URI baseUrl) {
    providers.add(
        "Scripted",
        "anthropic",
        baseUrl.toString(),
        "no-key-needed",
        "scripted",
        DEMO_CONTEXT_LIMIT);
  }

  /// All that is served, for tests that try each.
  List<Route> routes() {
    return routes;
  }

  /// Ends and deletes all local workspaces, for throw-away data.
  void endWorkspaces() throws InterruptedException {
    workspaces.close();
    workspaces.removeLocal();
  }

  /// Stops within 5 s: ends streams, hands running work over, stops the database.
  @Override
  public void close() {
    closing.close();
  }
}
