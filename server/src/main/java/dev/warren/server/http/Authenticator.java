package dev.warren.server.http;

import dev.warren.server.access.Caller;
import dev.warren.server.access.CredentialId;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// Proves who asks. Implemented by `identity`, and by a fake in the tests of this package.
public interface Authenticator {
  /// @param token of an `Authorization: Bearer` header
  Optional<Caller> byToken(String token);

  /// @param session the value of the cookie
  /// @param csrf the secret that only the page's origin holds, when it was sent
  Session bySession(String session, Optional<String> csrf);

  /// Which of these credentials are good no more: revoked, expired, or their user suspended.
  Set<CredentialId> revoked(Collection<CredentialId> credentials);

  /// What a cookie proves.
  sealed interface Session {
    record Proved(Caller caller) implements Session {}

    record Unknown() implements Session {}

    /// The session is good, but the request may come from a page that is not ours.
    record Forged() implements Session {}
  }
}
