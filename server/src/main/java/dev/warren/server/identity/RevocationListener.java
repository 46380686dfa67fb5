package dev.warren.server.identity;

import dev.warren.server.access.CredentialId;
import java.util.Set;

/// Is told when credentials are good no more, so that what they opened ends at once.
@FunctionalInterface
public interface RevocationListener {
  void revoked(Set<CredentialId> credentials);
}
