package dev.warren.server.model;

import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.http.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes providers without an administrator: from the environment at the first start, and for the
/// demo.
public final class ProviderSetup {
  private static final Logger log = LoggerFactory.getLogger(ProviderSetup.class);

  private final ModelStore store;
  private final ProviderRoutes providers;
  private final AuditLog audit;

  public ProviderSetup(ModelCatalog catalog, AuditLog audit) {
    this.store = catalog.store();
    this.providers = new ProviderRoutes(catalog, audit);
    this.audit = audit;
  }

  /// A provider's own variables.
  private record Found(
      String name, String kind, String keyVariable, Optional<String> urlVariable) {}

  private static final List<Found> KNOWN =
      List.of(
          new Found(
              "Anthropic", "anthropic", "ANTHROPIC_API_KEY", Optional.of("ANTHROPIC_BASE_URL")),
          new Found("OpenAI", "openai", "OPENAI_API_KEY", Optional.of("OPENAI_BASE_URL")));

  /// Makes a provider of each key in the environment, when there is no provider yet.
  public void fromEnvironment(Map<String, String> environment) {
    if (store.hasProviders()) {
      return;
    }
    for (Found found : KNOWN) {
      String key = environment.getOrDefault(found.keyVariable(), "").strip();
      if (key.isEmpty()) {
        continue;
      }
      Optional<String> url =
          found.urlVariable().map(name -> environment.getOrDefault(name, "").strip());
      try {
        add(
            found.name(),
            found.kind(),
            url.filter(text -> !text.isEmpty()),
            Optional.of(key),
            KnownModels.of(found.kind()));
      } catch (ProblemException e) {
        log.warn("{} makes no provider: {}", found.keyVariable(), e.problem().detail());
      }
    }
  }

  /// Makes a provider with one model.
  public void add(
      String name, String kind, String baseUrl, String key, String model, long contextLimit) {
    add(
        name,
        kind,
        Optional.of(baseUrl),
        Optional.of(key),
        List.of(
            new KnownModels.Known(model, model, contextLimit, Optional.empty(), Optional.empty())));
  }

  private void add(
      String name,
      String kind,
      Optional<String> baseUrl,
      Optional<String> key,
      List<KnownModels.Known> models) {
    baseUrl.ifPresent(ProviderAddress::check);
    ProviderId id = new ProviderId(UuidV7.next());
    StoredProvider provider =
        providers.provider(id, name, kind, baseUrl, key, ProviderOptions.NONE);
    if (!store.insertProvider(provider)) {
      // Another replica was quicker.
      return;
    }
    audit.record(Optional.empty(), "start", "provider.create", "provider " + id, name);
    for (KnownModels.Known model : models) {
      store.insertModel(
          new StoredModel(
              new ModelId(UuidV7.next()),
              id,
              name,
              model.name(),
              model.displayName(),
              model.contextLimit(),
              model.maxOutputTokens(),
              Optional.empty(),
              model.prices().map(Json.STRICT::writeValueAsString),
              "{}",
              true,
              false));
    }
  }
}
