package dev.warren.server.identity;

import dev.warren.protocol.UuidV7;
import dev.warren.server.access.Caller;
import dev.warren.server.access.CredentialId;
import dev.warren.server.access.Role;
import dev.warren.server.access.Scope;
import dev.warren.server.access.UserId;
import dev.warren.server.db.Database;
import dev.warren.server.http.Authenticator;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// Who the users are and how they prove it. Thread-safe; the tables decide, nothing is cached, so a
/// revoked credential is refused by its next request on every replica.
public final class Identity implements Authenticator {
  /// A session that is not used for so long ends.
  static final Duration SESSION_IDLE_MAX = Duration.ofDays(30);

  /// How exactly the last use of a credential is known.
  static final Duration SEEN_STEP = Duration.ofMinutes(1);

  static final Duration LINK_LIFETIME = Duration.ofHours(12);

  private static final String SESSION_TOKEN = "wrs_";
  private static final String TOKEN = "wrn_";

  private final UserStore users;
  private final CredentialStore credentials;
  private final Passwords passwords = new Passwords();
  private final Clock clock;
  private final List<RevocationListener> listeners = new CopyOnWriteArrayList<>();

  public Identity(Database database, Clock clock) {
    this.users = new UserStore(database);
    this.credentials = new CredentialStore(database);
    this.clock = clock;
  }

  /// Tells `listener` of each revocation on this replica.
  public void onRevoked(RevocationListener listener) {
    listeners.add(listener);
  }

  UserStore users() {
    return users;
  }

  CredentialStore credentials() {
    return credentials;
  }

  Passwords passwords() {
    return passwords;
  }

  Instant now() {
    return clock.instant();
  }

  // ---- Proof

  @Override
  public Optional<Caller> byToken(String token) {
    Instant now = clock.instant();
    byte[] hash = Secrets.hash(token);
    return (token.startsWith(SESSION_TOKEN)
            ? credentials.bySessionToken(hash, now)
            : credentials.byToken(hash, now))
        .map(proof -> seen(proof, now));
  }

  @Override
  public Session bySession(String session, Optional<String> csrf) {
    Instant now = clock.instant();
    Optional<CredentialStore.Proof> proof = credentials.byCookie(Secrets.hash(session), now);
    if (proof.isEmpty()) {
      return new Session.Unknown();
    }
    byte[] expected = proof.get().csrfHash().orElseThrow();
    boolean ours =
        csrf.map(Secrets::hash).filter(sent -> MessageDigest.isEqual(sent, expected)).isPresent();
    return ours ? new Session.Proved(seen(proof.get(), now)) : new Session.Forged();
  }

  private Caller seen(CredentialStore.Proof proof, Instant now) {
    if (proof.lastSeenAt().filter(last -> last.isAfter(now.minus(SEEN_STEP))).isEmpty()) {
      credentials.used(proof.credential(), now, now.plus(SESSION_IDLE_MAX));
      users.seen(proof.userId(), now);
    }
    return proof.caller();
  }

  @Override
  public Set<CredentialId> revoked(Collection<CredentialId> ids) {
    Set<CredentialId> revoked = new HashSet<>(ids);
    revoked.removeAll(credentials.good(ids, clock.instant()));
    return revoked;
  }

  // ---- Signing in and out

  /// What signing in hands out, once.
  ///
  /// @param cookie good only together with `csrf`
  /// @param token good by itself
  record SignedIn(User user, String cookie, String csrf, String token) {}

  /// Opens a session when the password is right.
  Optional<SignedIn> signIn(String email, String password) {
    Optional<UserStore.PasswordOf> known =
        users.findPassword(email).filter(user -> user.passwordHash().isPresent());
    if (known.isEmpty()) {
      passwords.matchesNobody(password);
      return Optional.empty();
    }
    boolean right = passwords.matches(password, known.get().passwordHash().orElseThrow());
    return right && known.get().suspendedAt().isEmpty()
        ? Optional.of(open(known.get().id()))
        : Optional.empty();
  }

  /// Opens a session for who holds a one-time link.
  Optional<SignedIn> signInByLink(String secret) {
    return credentials.takeLink(Secrets.hash(secret), clock.instant()).map(this::open);
  }

  SignedIn open(UserId id) {
    Instant now = clock.instant();
    String cookie = Secrets.make("");
    String csrf = Secrets.make("");
    String token = Secrets.make(SESSION_TOKEN);
    credentials.insertSession(
        new CredentialStore.NewSession(
            UuidV7.next(),
            id,
            Secrets.hash(cookie),
            Secrets.hash(csrf),
            Secrets.hash(token),
            now,
            now.plus(SESSION_IDLE_MAX)));
    users.seen(id, now);
    return new SignedIn(users.find(id).orElseThrow(), cookie, csrf, token);
  }

  void signOut(CredentialId session) {
    credentials.deleteSession(session);
    tell(Set.of(session));
  }

  /// A link's secret: whoever has it signs in as this user, once, within [#LINK_LIFETIME].
  public String createSignInLink(UserId user) {
    String secret = Secrets.make("");
    credentials.insertLink(Secrets.hash(secret), user, clock.instant().plus(LINK_LIFETIME));
    return secret;
  }

  // ---- The first user

  public boolean hasUsers() {
    return users.hasUsers();
  }

  /// A new code that lets the first user in; the start prints it.
  public String createSetupCode() {
    String code = Secrets.make("");
    users.addSetupCode(Secrets.hash(code), clock.instant());
    return code;
  }

  boolean knowsSetupCode(String code) {
    return users.knowsSetupCode(Secrets.hash(code));
  }

  /// Makes the first user, an administrator.
  ///
  /// @return absent when there is a user already
  public Optional<UserId> createFirst(String email, String username, String password) {
    UserId id = new UserId(UuidV7.next());
    var user =
        new UserStore.NewUser(
            id, email, username, Role.ADMIN, Optional.of(passwords.hash(password)));
    return users.insertFirst(user) == UserStore.Change.DONE ? Optional.of(id) : Optional.empty();
  }

  // ---- Users and tokens

  public Optional<User> find(UserId id) {
    return users.find(id);
  }

  UserStore.Change update(UserId id, UserStore.Edit edit, Optional<CredentialId> by) {
    Set<CredentialId> held = credentials.of(id);
    UserStore.Change change = users.update(id, edit, clock.instant());
    if (change != UserStore.Change.DONE) {
      return change;
    }
    if (edit.suspended().orElse(false)) {
      tell(held);
    }
    if (edit.passwordHash().isPresent()) {
      // Whoever knew the old password is out; tokens were made on purpose and stay.
      credentials.deleteSessions(id, by);
      tell(revoked(held));
    }
    return change;
  }

  UserStore.Change delete(UserId id) {
    Set<CredentialId> held = credentials.of(id);
    UserStore.Change change = users.delete(id);
    if (change == UserStore.Change.DONE) {
      tell(held);
    }
    return change;
  }

  record NewToken(Token token, String secret) {}

  NewToken createToken(UserId user, String name, Scope scope, Duration lifetime) {
    Instant now = clock.instant();
    String secret = Secrets.make(TOKEN);
    Token token = new Token(UuidV7.next(), name, scope, now, Optional.empty(), now.plus(lifetime));
    credentials.insertToken(user, token, Secrets.hash(secret));
    return new NewToken(token, secret);
  }

  boolean deleteToken(UserId user, UUID id) {
    boolean deleted = credentials.deleteToken(user, id);
    if (deleted) {
      tell(Set.of(new CredentialId(id)));
    }
    return deleted;
  }

  /// Forgets what has expired.
  public int purge() {
    return credentials.purge(clock.instant());
  }

  private void tell(Set<CredentialId> revoked) {
    if (!revoked.isEmpty()) {
      listeners.forEach(listener -> listener.revoked(revoked));
    }
  }
}
