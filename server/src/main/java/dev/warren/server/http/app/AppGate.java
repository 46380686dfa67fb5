package dev.warren.server.http.app;

import dev.warren.server.access.CredentialId;
import dev.warren.server.http.ProblemException;
import dev.warren.tunnel.TunnelStream;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/// Says who may use which app, and leads to it. Implemented by `app`.
public interface AppGate {
  /// What a good one-time link becomes.
  ///
  /// @param cookie the secret of the new session
  /// @param path where to go on
  record Entered(String cookie, String path) {}

  /// Takes a link's token; each is good once, and for its app only.
  Optional<Entered> enter(AppAddress app, String token);

  /// The credential that this cookie stands for at this app, while it is good.
  Optional<CredentialId> admit(AppAddress app, String cookie);

  /// A connection to the port.
  ///
  /// @throws ProblemException when there is none, saying why
  TunnelStream connect(AppAddress app) throws InterruptedException;

  /// Which of these are good no more.
  Set<CredentialId> revoked(Collection<CredentialId> credentials);
}
