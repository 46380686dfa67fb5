package dev.warren.server.app;

import dev.warren.protocol.tunnel.StreamKind;
import dev.warren.server.access.Caller;
import dev.warren.server.access.CredentialId;
import dev.warren.server.db.Database;
import dev.warren.server.http.Authenticator;
import dev.warren.server.http.Problems;
import dev.warren.server.http.app.AppAddress;
import dev.warren.server.http.app.AppFront;
import dev.warren.server.http.app.AppGate;
import dev.warren.server.http.app.AppOrigins;
import dev.warren.server.identity.Secrets;
import dev.warren.server.workspace.WorkspaceConnections;
import dev.warren.server.workspace.WorkspaceId;
import dev.warren.server.workspace.WorkspaceUnreachable;
import dev.warren.tunnel.TunnelStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Makes links to ports, lets in who comes with one, and connects.
public final class Apps implements AppGate {
  /// From a link's making to its use.
  private static final Duration LINK_LIFETIME = Duration.ofMinutes(1);

  private static final Duration SESSION_LIFETIME = Duration.ofHours(12);

  /// A page asks for many things at once; for so long a cookie that was good stays so.
  private static final Duration KNOWN_MAX = Duration.ofSeconds(2);

  private static final int KNOWN_COUNT_MAX = 1_000;

  private final AppStore store;
  private final WorkspaceConnections connections;
  private final Authenticator authenticator;
  private final Supplier<Optional<AppOrigins>> origins;
  private final Clock clock;
  private final Map<Key, Known> known = new ConcurrentHashMap<>();

  private record Key(AppAddress app, String cookie) {}

  private record Known(CredentialId credential, Instant until) {}

  /// @param origins where ports open; its port may be known only once the server listens
  public Apps(
      Database database,
      WorkspaceConnections connections,
      Authenticator authenticator,
      Supplier<Optional<AppOrigins>> origins,
      Clock clock) {
    this.store = new AppStore(database);
    this.connections = connections;
    this.authenticator = authenticator;
    this.origins = origins;
    this.clock = clock;
  }

  /// A link for the caller, who owns the workspace.
  ///
  /// @param path where the page is to begin
  URI link(Caller caller, AppAddress app, String path) {
    AppOrigins there =
        origins
            .get()
            .orElseThrow(() ->
                Problems.conflict(
                    "ports are not opened in the browser here: WARREN_APPS_URL is not set; use"
                        + " warren port-forward"));
    String secret = Secrets.make("");
    store.insert(
        new AppStore.Access(
            Secrets.hash(secret + path),
            "link",
            caller.credential(),
            caller.id(),
            app,
            clock.instant().plus(LINK_LIFETIME)));
    String token = URLEncoder.encode(secret + path, StandardCharsets.UTF_8);
    return URI.create(there.of(app) + AppFront.ENTRANCE + "?token=" + token);
  }

  /// The path is a part of the token, so it cannot be changed on the way.
  @Override
  public Optional<Entered> enter(AppAddress app, String token) {
    int slash = token.indexOf('/');
    Instant now = clock.instant();
    return store
        .take(Secrets.hash(token), app, now)
        .filter(holder -> slash > 0 && isGood(holder.credential()))
        .map(holder -> {
          String cookie = Secrets.make("");
          store.insert(
              new AppStore.Access(
                  Secrets.hash(cookie),
                  "session",
                  holder.credential(),
                  holder.user(),
                  app,
                  now.plus(SESSION_LIFETIME)));
          return new Entered(cookie, token.substring(slash));
        });
  }

  @Override
  public Optional<CredentialId> admit(AppAddress app, String cookie) {
    Key key = new Key(app, cookie);
    Instant now = clock.instant();
    Known before = known.get(key);
    if (before != null && now.isBefore(before.until())) {
      return Optional.of(before.credential());
    }
    known.remove(key);
    Optional<CredentialId> credential =
        store
            .find(Secrets.hash(cookie), app, now)
            .map(AppStore.Holder::credential)
            .filter(this::isGood);
    credential.ifPresent(good -> {
      if (known.size() >= KNOWN_COUNT_MAX) {
        known.clear();
      }
      known.put(key, new Known(good, now.plus(KNOWN_MAX)));
    });
    return credential;
  }

  private boolean isGood(CredentialId credential) {
    return authenticator.revoked(List.of(credential)).isEmpty();
  }

  @Override
  public TunnelStream connect(AppAddress app) throws InterruptedException {
    try {
      return connections.open(
          new WorkspaceId(app.workspace()),
          StreamKind.TCP,
          "localhost:" + app.port(),
          Duration.ZERO);
    } catch (WorkspaceUnreachable e) {
      throw e.asProblem();
    }
  }

  @Override
  public Set<CredentialId> revoked(Collection<CredentialId> credentials) {
    return authenticator.revoked(credentials);
  }

  /// Credentials that are good no more: nothing is let in with them from here on.
  public void revoke(Set<CredentialId> credentials) {
    known.values().removeIf(one -> credentials.contains(one.credential()));
  }

  /// Forgets what is too old.
  public void purge() {
    store.purge(clock.instant());
  }
}
