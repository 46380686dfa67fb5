package dev.warren.server.model;

import dev.warren.server.sealing.Sealed;
import java.time.Instant;
import java.util.Optional;

/// A provider as the database holds it.
///
/// @param keyHint the key's last four characters
/// @param options JSON of [ProviderOptions]
/// @param version counts its changes
record StoredProvider(
    ProviderId id,
    String name,
    String kind,
    Optional<String> baseUrl,
    Optional<byte[]> sealedKey,
    Optional<String> sealedWith,
    Optional<String> keyHint,
    String options,
    long version,
    Instant createdAt) {
  Optional<Sealed> key() {
    return sealedKey.map(bytes -> new Sealed(sealedWith.orElseThrow(), bytes));
  }

  StoredProvider withKeyOf(StoredProvider other) {
    return new StoredProvider(
        id,
        name,
        kind,
        baseUrl,
        other.sealedKey,
        other.sealedWith,
        other.keyHint,
        options,
        version,
        createdAt);
  }
}
