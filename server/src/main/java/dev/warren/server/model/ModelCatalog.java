package dev.warren.server.model;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.llm.Provider;
import dev.warren.llm.ProviderException;
import dev.warren.llm.ProviderSettings;
import dev.warren.llm.Providers;
import dev.warren.llm.ReasoningLevel;
import dev.warren.llm.Secret;
import dev.warren.protocol.Json;
import dev.warren.server.db.Database;
import dev.warren.server.sealing.KeyStore;
import dev.warren.server.sealing.Keyring;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Finds the model for a step, with a provider that is ready to be asked. Each lookup reads the
/// database, so an administrator's change is in force from the next step on. Thread-safe.
public final class ModelCatalog implements AutoCloseable {
  private static final int ALL = 10_000;

  private final ModelStore store;
  private final SettingsStore settings;
  private final Keyring keyring;
  private final ModelMetrics metrics;

  @GuardedBy("open")
  private final Map<ProviderId, Client> open = new HashMap<>();

  /// Providers that were changed or deleted; streams may still run on them.
  @GuardedBy("open")
  private final List<Provider> retired = new ArrayList<>();

  public ModelCatalog(Database database, Keyring keyring, MeterRegistry metrics) {
    this.store = new ModelStore(database);
    this.settings = new SettingsStore(database);
    this.keyring = keyring;
    this.metrics = new ModelMetrics(metrics);
  }

  private record Client(long version, Provider provider) {}

  ModelStore store() {
    return store;
  }

  SettingsStore settingsStore() {
    return settings;
  }

  /// @param wanted the default when absent
  /// @throws ModelUnavailable when there is none, or it cannot be asked
  public ResolvedModel resolve(Optional<ModelId> wanted) {
    StoredModel model =
        wanted.isPresent()
            ? store
                .findModel(wanted.get())
                .filter(StoredModel::enabled)
                .orElseThrow(() ->
                    new ModelUnavailable(
                        "The model of this chat was removed or disabled; choose another one."))
            : store
                .defaultModel()
                .orElseThrow(() ->
                    new ModelUnavailable(
                        "There is no model yet; an administrator adds a provider with one."));
    StoredProvider provider =
        store
            .findProvider(model.providerId())
            .orElseThrow(() ->
                new ModelUnavailable(
                    "The provider of this model was removed; choose another model."));
    return new ResolvedModel(
        model.id(),
        client(provider),
        model.name(),
        model.displayName(),
        model.contextLimit(),
        model.maxOutputTokens(),
        model.compactionThreshold(),
        model.prices().map(json -> Json.STRICT.readValue(json, Prices.class)),
        (ObjectNode) Json.STRICT.readTree(model.options()));
  }

  /// A model, if it may be used.
  ///
  /// @param wanted the default when absent
  public Optional<UsableModel> usable(Optional<ModelId> wanted) {
    return (wanted.isPresent() ? store.findModel(wanted.get()) : store.defaultModel())
        .filter(StoredModel::enabled)
        .map(model -> new UsableModel(model.id(), model.contextLimit()));
  }

  /// The settings in force now.
  public AdminSettings settings() {
    return settings.read();
  }

  private Provider client(StoredProvider provider) {
    synchronized (open) {
      Client known = open.get(provider.id());
      if (known != null && known.version() == provider.version()) {
        return known.provider();
      }
      if (known != null) {
        retired.add(known.provider());
      }
      try {
        Provider made = new MeteredProvider(create(provider), metrics, provider.name());
        open.put(provider.id(), new Client(provider.version(), made));
        return made;
      } catch (ProviderException e) {
        throw new ModelUnavailable(
            "The provider " + provider.name() + " is not set up well: " + e.getMessage(), e);
      }
    }
  }

  /// The levels of reasoning of a model, each with the options that ask for it; none when the
  /// provider's settings make no sense.
  Map<ReasoningLevel, ObjectNode> reasoning(StoredProvider provider, String model) {
    try {
      return Providers.reasoning(settings(provider, Optional.empty()), model);
    } catch (ProviderException e) {
      return Map.of();
    }
  }

  /// A client for a provider as it is stored; the caller closes it.
  ///
  /// @throws ProviderException when its settings make no sense
  Provider create(StoredProvider provider) {
    return Providers.create(
        settings(
            provider,
            provider.key().map(key -> new Secret(keyring.open(key, context(provider.id()))))));
  }

  private static ProviderSettings settings(StoredProvider provider, Optional<Secret> key) {
    Optional<URI> baseUrl = provider.baseUrl().map(ProviderAddress::check);
    ProviderOptions options = Json.STRICT.readValue(provider.options(), ProviderOptions.class);
    return new ProviderSettings(
        provider.kind(),
        baseUrl,
        key,
        options.headers().orElse(Map.of()),
        Duration.ofSeconds(options.silenceS().orElse(ProviderOptions.SILENCE_S_DEFAULT)),
        options.cloud(),
        options.network());
  }

  /// What a provider's key is sealed for.
  static String context(ProviderId id) {
    return "provider key " + id;
  }

  Keyring keyring() {
    return keyring;
  }

  /// Seals what older keys sealed with the first one, and forgets the older ones.
  public void resealAll(KeyStore keys) {
    for (StoredProvider provider : store.providers(Optional.empty(), ALL)) {
      if (provider.sealedWith().filter(id -> !id.equals(keyring.firstId())).isPresent()) {
        String key = keyring.open(provider.key().orElseThrow(), context(provider.id()));
        store.reseal(provider.id(), keyring.seal(key, context(provider.id())));
      }
    }
    keys.keepOnly(keyring.firstId());
  }

  @Override
  public void close() {
    synchronized (open) {
      open.values().forEach(client -> client.provider().close());
      retired.forEach(Provider::close);
      open.clear();
      retired.clear();
    }
  }
}
