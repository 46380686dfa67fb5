package dev.warren.server.model;

import dev.warren.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/// Models that a provider found in the environment begins with: a snapshot, which administrators
/// correct. From the data of the npm package `@earendil-works/pi-ai` 1.5.2, November 2026.
final class KnownModels {
  private static final String RESOURCE = "known-models.json";

  private KnownModels() {}

  /// @param name the provider's own
  record Known(
      String name,
      String displayName,
      long contextLimit,
      Optional<Integer> maxOutputTokens,
      Optional<Prices> prices) {}

  /// The first one is what most people want.
  static List<Known> of(String kind) {
    try (InputStream in =
        Objects.requireNonNull(KnownModels.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      Map<String, List<Known>> all = Json.STRICT.readValue(in, new TypeReference<>() {});
      return all.getOrDefault(kind, List.of());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }
}
