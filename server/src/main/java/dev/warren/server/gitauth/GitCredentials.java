package dev.warren.server.gitauth;

import dev.warren.protocol.tunnel.GitLogin;
import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import dev.warren.server.http.Problems;
import dev.warren.server.sealing.Keyring;
import dev.warren.server.sealing.Sealed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What each user logs in with at git hosts.
public final class GitCredentials {
  /// Hosts of one user.
  private static final int HOSTS_MAX = 50;

  /// Characters of a token that may be shown.
  private static final int HINT_CHARS = 4;

  /// A token as short as this shows nothing of itself.
  private static final int HINTED_CHARS_MIN = 16;

  private final GitCredentialStore store;
  private final Keyring keyring;

  public GitCredentials(Database database, Keyring keyring) {
    this.store = new GitCredentialStore(database);
    this.keyring = keyring;
  }

  /// One of them as its user sees it.
  ///
  /// @param tokenHint the token's last four characters
  public record View(
      String host,
      String username,
      String tokenHint,
      Instant createdAt,
      Optional<Instant> lastUsedAt) {}

  List<View> of(UserId user) {
    return store.of(user).stream()
        .map(row ->
            new View(
                row.host(), row.username(), row.tokenHint(), row.createdAt(), row.lastUsedAt()))
        .toList();
  }

  public void put(UserId user, GitHost host, GitLogin login) {
    String token = login.password();
    String hint =
        token.length() < HINTED_CHARS_MIN ? "" : token.substring(token.length() - HINT_CHARS);
    Sealed sealed = keyring.seal(token, context(user, host.value()));
    if (!store.put(user, host, login.username(), sealed, hint, HOSTS_MAX)) {
      throw Problems.conflict(
          "you have credentials for %d hosts; delete one first".formatted(HOSTS_MAX));
    }
  }

  boolean delete(UserId user, GitHost host) {
    return store.delete(user, host);
  }

  /// What the user logs in with at the host, for the user's own workspace.
  public Optional<GitLogin> login(UserId user, GitHost host) {
    return store
        .use(user, host)
        .map(row ->
            new GitLogin(row.username(), keyring.open(row.token(), context(user, row.host()))));
  }

  /// Seals what older keys sealed with the first one.
  public void resealAll() {
    for (GitCredentialStore.Row row : store.notSealedWith(keyring.firstId())) {
      String context = context(row.userId(), row.host());
      store.reseal(row, keyring.seal(keyring.open(row.token(), context), context));
    }
  }

  private static String context(UserId user, String host) {
    return "git credential of " + user + " at " + host;
  }
}
