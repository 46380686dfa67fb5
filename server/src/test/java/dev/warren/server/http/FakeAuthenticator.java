package dev.warren.server.http;

import dev.warren.server.access.Caller;
import dev.warren.server.access.CredentialId;
import dev.warren.server.access.Role;
import dev.warren.server.access.Scope;
import dev.warren.server.access.UserId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Knows the tokens it was told. A session is a token whose secret is `csrf-TOKEN`.
public final class FakeAuthenticator implements Authenticator {
  private final Map<String, Caller> callers = new ConcurrentHashMap<>();

  public Caller add(String token, UserId user, Role role, Scope scope) {
    Caller caller =
        new Caller(
            user,
            token,
            token + "@example.com",
            role,
            new CredentialId(java.util.UUID.randomUUID()),
            scope);
    callers.put(token, caller);
    return caller;
  }

  public void remove(String token) {
    callers.remove(token);
  }

  @Override
  public Optional<Caller> byToken(String token) {
    return Optional.ofNullable(callers.get(token));
  }

  @Override
  public Session bySession(String session, Optional<String> csrf) {
    Caller caller = callers.get(session);
    if (caller == null) {
      return new Session.Unknown();
    }
    return csrf.filter(("csrf-" + session)::equals).isPresent()
        ? new Session.Proved(caller)
        : new Session.Forged();
  }

  @Override
  public Set<CredentialId> revoked(Collection<CredentialId> credentials) {
    Set<CredentialId> known =
        callers.values().stream().map(Caller::credential).collect(Collectors.toSet());
    return credentials.stream().filter(id -> !known.contains(id)).collect(Collectors.toSet());
  }
}
