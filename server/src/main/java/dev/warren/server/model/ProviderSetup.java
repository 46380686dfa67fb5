package dev.warren.server.model;

import dev.warren.llm.KnownModel;
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

  /// Makes a provider of each one that the environment names, when there is no provider yet.
  public void fromEnvironment(Map<String, String> environment) {
    if (store.hasProviders()) {
      return;
    }
    for (EnvironmentProviders.Found found : EnvironmentProviders.in(environment)) {
      try {
        add(
            found.name(),
            found.kind(),
            found.baseUrl(),
            found.key(),
            found.options(),
            StarterModels.of(found.kind()));
      } catch (ProblemException e) {
        log.warn("{} makes no provider: {}", found.variable(), e.problem().detail());
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
        ProviderOptions.NONE,
        List.of(
            new KnownModel(
                model,
                model,
                contextLimit,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                List.of())));
  }

  private void add(
      String name,
      String kind,
      Optional<String> baseUrl,
      Optional<String> key,
      ProviderOptions options,
      List<KnownModel> models) {
    baseUrl.ifPresent(ProviderAddress::check);
    ProviderId id = new ProviderId(UuidV7.next());
    StoredProvider provider = providers.provider(id, name, kind, baseUrl, key, options);
    providers.checkSense(provider);
    if (!store.insertProvider(provider)) {
      // Another replica was quicker.
      return;
    }
    audit.record(Optional.empty(), "start", "provider.create", "provider " + id, name);
    for (KnownModel model : models) {
      store.insertModel(
          new StoredModel(
              new ModelId(UuidV7.next()),
              id,
              name,
              model.name(),
              model.displayName(),
              model.contextTokens(),
              model.maxOutputTokens(),
              Optional.empty(),
              model.price().map(Prices::of).map(Json.STRICT::writeValueAsString),
              "{}",
              true,
              false));
    }
  }
}
