package dev.warren.llm;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The catalogue: limits and prices of the models of public providers, a snapshot that
/// `llm/catalogue/update.mjs` makes of a package's data. Of a server of one's own it knows nothing:
/// the same name may stand for another window there, and another price.
public final class KnownModels {
  private static final String RESOURCE = "models.tsv";

  /// Providers of the catalogue that are reached by the kind `openai_compatible`, by their hosts.
  private static final Map<String, String> HOSTS =
      Map.ofEntries(
          Map.entry("api.openai.com", "openai"),
          Map.entry("api.anthropic.com", "anthropic"),
          Map.entry("openrouter.ai", "openrouter"),
          Map.entry("api.deepseek.com", "deepseek"),
          Map.entry("api.x.ai", "xai"),
          Map.entry("api.groq.com", "groq"),
          Map.entry("api.mistral.ai", "mistral"),
          Map.entry("api.together.ai", "together"),
          Map.entry("api.together.xyz", "together"),
          Map.entry("api.fireworks.ai", "fireworks"),
          Map.entry("api.cerebras.ai", "cerebras"),
          Map.entry("router.huggingface.co", "huggingface"),
          Map.entry("integrate.api.nvidia.com", "nvidia"),
          Map.entry("api.moonshot.ai", "moonshotai"),
          Map.entry("api.z.ai", "zai"),
          Map.entry("inference.baseten.co", "baseten"));

  /// Read once, when the first asks.
  private static final class Loaded {
    private static final Map<String, Map<String, KnownModel>> BY_PROVIDER = load();
  }

  private KnownModels() {}

  /// What is known of one model of a provider.
  public static Optional<KnownModel> find(String kind, Optional<URI> baseUrl, String model) {
    return provider(kind, baseUrl)
        .map(provider -> Loaded.BY_PROVIDER.getOrDefault(provider, Map.of()))
        .flatMap(models -> Optional.ofNullable(models.get(model)));
  }

  /// All that is known of a provider, by name.
  public static List<KnownModel> of(String kind, Optional<URI> baseUrl) {
    return provider(kind, baseUrl)
        .map(provider -> Loaded.BY_PROVIDER.getOrDefault(provider, Map.of()))
        .map(models -> List.copyOf(models.values()))
        .orElse(List.of());
  }

  private static Optional<String> provider(String kind, Optional<URI> baseUrl) {
    return switch (kind) {
      // Each customer has a host of his own, behind which the models are the same.
      case "azure", "bedrock", "vertex" -> Optional.of(kind);
      case "openai_compatible" -> baseUrl.flatMap(KnownModels::byHost);
      default -> baseUrl.isPresent() ? byHost(baseUrl.get()) : Optional.of(kind);
    };
  }

  private static Optional<String> byHost(URI url) {
    String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
    return host.equals("generativelanguage.googleapis.com")
        ? Optional.of("google")
        : Optional.ofNullable(HOSTS.get(host));
  }

  private static Map<String, Map<String, KnownModel>> load() {
    Map<String, Map<String, KnownModel>> models = new LinkedHashMap<>();
    DataTable.lines(
        RESOURCE,
        columns -> {
          String provider = columns.removeFirst();
          KnownModel model = KnownModel.of(columns);
          models.computeIfAbsent(provider, p -> new LinkedHashMap<>()).put(model.name(), model);
        });
    return models;
  }
}
