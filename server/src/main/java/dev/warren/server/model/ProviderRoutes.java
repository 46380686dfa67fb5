package dev.warren.server.model;

import dev.warren.llm.Provider;
import dev.warren.llm.ProviderException;
import dev.warren.llm.Providers;
import dev.warren.protocol.Json;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.http.Access;
import dev.warren.server.http.Change;
import dev.warren.server.http.Page;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import dev.warren.server.sealing.Sealed;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Providers, for administrators. Keys go in and never come out.
public final class ProviderRoutes {
  static final int NAME_CHARS_MAX = 100;
  private static final int KEY_CHARS_MAX = 4096;
  private static final int HINT_CHARS = 4;

  /// Shorter keys would be given away by their hint.
  private static final int HINTED_KEY_CHARS_MIN = 12;

  private static final String PROVIDERS = Route.API + "/admin/providers";

  private final ModelCatalog catalog;
  private final ModelStore store;
  private final AuditLog audit;

  public ProviderRoutes(ModelCatalog catalog, AuditLog audit) {
    this.catalog = catalog;
    this.store = catalog.store();
    this.audit = audit;
  }

  record NewProvider(
      String name,
      String kind,
      Optional<String> baseUrl,
      Optional<String> apiKey,
      Optional<ProviderOptions> options) {
    NewProvider {
      checkName(name);
      if (!Providers.KINDS.contains(kind)) {
        throw Problems.badInput(
            "kind", "is not one of " + Providers.KINDS.stream().sorted().toList());
      }
      if ((kind.equals("openai_compatible") || kind.equals("azure")) && baseUrl.isEmpty()) {
        throw Problems.badInput("base_url", "is required for this kind");
      }
      apiKey.ifPresent(ProviderRoutes::checkKey);
    }
  }

  record ProviderPatch(
      Optional<String> name,
      Change<String> baseUrl,
      Change<String> apiKey,
      Change<ProviderOptions> options) {
    ProviderPatch {
      name.ifPresent(ProviderRoutes::checkName);
      apiKey.sent().ifPresent(ProviderRoutes::checkKey);
    }

    String changes() {
      return Stream.of(
              name.map(value -> "name " + value),
              baseUrl.or("none").map(value -> "base_url " + value),
              apiKey.or("").map(value -> value.isEmpty() ? "no api_key" : "api_key"),
              options.or(ProviderOptions.NONE).map(value -> "options"))
          .flatMap(Optional::stream)
          .collect(Collectors.joining(", "));
    }
  }

  /// Which model the test asks; any of the provider's when absent.
  record TestRequest(Optional<String> model) {}

  /// A provider, as the API shows it.
  ///
  /// @param keyHint the key's last four characters
  record ProviderView(
      ProviderId id,
      String name,
      String kind,
      Optional<String> baseUrl,
      boolean hasKey,
      Optional<String> keyHint,
      ProviderOptions options,
      Instant createdAt) {
    static ProviderView of(StoredProvider provider) {
      return new ProviderView(
          provider.id(),
          provider.name(),
          provider.kind(),
          provider.baseUrl(),
          provider.sealedKey().isPresent(),
          provider.keyHint(),
          ProviderRoutes.options(provider),
          provider.createdAt());
    }
  }

  public List<Route> routes() {
    return List.of(
        Route.get(PROVIDERS, Access.ADMIN, this::list)
            .paged()
            .answers(200, Page.Of.class)
            .summary("Lists providers"),
        Route.post(PROVIDERS, Access.ADMIN, this::create)
            .accepts(NewProvider.class)
            .answers(201, ProviderView.class)
            .summary("Adds a provider"),
        Route.get(PROVIDERS + "/{id}", Access.ADMIN, this::show)
            .answers(200, ProviderView.class)
            .summary("Shows a provider"),
        Route.patch(PROVIDERS + "/{id}", Access.ADMIN, this::update)
            .accepts(ProviderPatch.class)
            .answers(200, ProviderView.class)
            .summary("Changes a provider"),
        Route.delete(PROVIDERS + "/{id}", Access.ADMIN, this::delete)
            .answers(204)
            .summary("Removes a provider and its models"),
        Route.post(PROVIDERS + "/{id}/test", Access.ADMIN, this::test)
            .acceptsOptional(TestRequest.class)
            .answers(200, ProviderProbe.Result.class)
            .summary("Makes one tiny call and says what is wrong"));
  }

  private static void checkName(String name) {
    if (name.isBlank() || name.length() > NAME_CHARS_MAX) {
      throw Problems.badInput("name", "is not 1 to " + NAME_CHARS_MAX + " characters long");
    }
  }

  private static void checkKey(String key) {
    if (key.isEmpty() || key.length() > KEY_CHARS_MAX || !key.matches("[\\x21-\\x7e]+")) {
      throw Problems.badInput(
          "api_key", "is not 1 to " + KEY_CHARS_MAX + " printable characters without blanks");
    }
  }

  private Response list(Request request) {
    Page page = request.page();
    List<StoredProvider> rows = store.providers(page.cursorId(), page.limit() + 1);
    return Response.ok(
        page.cut(rows.stream().map(ProviderView::of).toList(), view -> view.id().toString()));
  }

  private Response create(Request request) {
    NewProvider sent = request.body(NewProvider.class);
    ProviderId id = new ProviderId(request.newId());
    sent.baseUrl().ifPresent(ProviderAddress::check);
    StoredProvider provider =
        provider(
            id,
            sent.name(),
            sent.kind(),
            sent.baseUrl(),
            sent.apiKey(),
            sent.options().orElse(ProviderOptions.NONE));
    checkSense(provider);
    if (!store.insertProvider(provider)) {
      throw taken(sent.name());
    }
    audit.record(
        request.caller(), "provider.create", "provider " + id, sent.name() + ", " + sent.kind());
    return Response.created(ProviderView.of(find(id)));
  }

  StoredProvider provider(
      ProviderId id,
      String name,
      String kind,
      Optional<String> baseUrl,
      Optional<String> key,
      ProviderOptions options) {
    Optional<Sealed> sealed =
        key.map(secret -> catalog.keyring().seal(secret, ModelCatalog.context(id)));
    return new StoredProvider(
        id,
        name,
        kind,
        baseUrl,
        sealed.map(Sealed::bytes),
        sealed.map(Sealed::keyId),
        key.map(ProviderRoutes::hint),
        Json.STRICT.writeValueAsString(options),
        0,
        Instant.EPOCH);
  }

  private static String hint(String key) {
    return key.length() < HINTED_KEY_CHARS_MIN ? "…" : key.substring(key.length() - HINT_CHARS);
  }

  /// What the adapter itself finds wrong.
  void checkSense(StoredProvider provider) {
    try {
      catalog.create(provider).close();
    } catch (ProviderException e) {
      boolean cloud = Set.of("azure", "bedrock", "vertex").contains(provider.kind());
      throw Problems.badInput(cloud ? "options" : "base_url", ProviderProbe.reason(e));
    }
  }

  private Response show(Request request) {
    return Response.ok(ProviderView.of(find(new ProviderId(request.id("id")))));
  }

  private Response update(Request request) {
    ProviderId id = new ProviderId(request.id("id"));
    ProviderPatch patch = request.body(ProviderPatch.class);
    StoredProvider before = find(id);
    boolean keepsKey = before.sealedKey().isPresent() && patch.apiKey().isKept();
    Optional<String> baseUrl = patch.baseUrl().applied(before.baseUrl());
    ProviderOptions options = patch.options().or(ProviderOptions.NONE).orElse(options(before));
    if (!patch.baseUrl().isKept()) {
      checkOrigin(before, baseUrl, keepsKey);
    }
    checkWay(before, options, keepsKey);
    StoredProvider keyed =
        provider(
            id,
            patch.name().orElse(before.name()),
            before.kind(),
            baseUrl,
            patch.apiKey().sent(),
            options);
    StoredProvider after = patch.apiKey().isKept() ? keyed.withKeyOf(before) : keyed;
    checkSense(after);
    if (!store.updateProvider(after)) {
      throw taken(after.name());
    }
    audit.record(request.caller(), "provider.update", "provider " + id, patch.changes());
    return Response.ok(ProviderView.of(find(id)));
  }

  /// Whoever changes where a key goes must have the key: else it could be sent to him.
  private static void checkOrigin(
      StoredProvider before, Optional<String> baseUrl, boolean keepsKey) {
    Optional<URI> next = baseUrl.map(ProviderAddress::check);
    boolean same =
        before
            .baseUrl()
            .map(URI::create)
            .map(ProviderAddress::origin)
            .equals(next.map(ProviderAddress::origin));
    if (keepsKey && !same) {
      throw Problems.badInput("api_key", "is required again when the base URL's origin changes");
    }
  }

  /// A proxy with a certificate of its own sees what passes, keys included.
  private static void checkWay(StoredProvider before, ProviderOptions next, boolean keepsKey) {
    ProviderOptions known = options(before);
    boolean same =
        next.proxy().equals(known.proxy()) && next.caCertificates().equals(known.caCertificates());
    if (keepsKey && !same) {
      throw Problems.badInput(
          "api_key", "is required again when the proxy or the CA certificates change");
    }
  }

  private static ProviderOptions options(StoredProvider provider) {
    return Json.STRICT.readValue(provider.options(), ProviderOptions.class);
  }

  private Response delete(Request request) {
    ProviderId id = new ProviderId(request.id("id"));
    if (!store.deleteProvider(id)) {
      throw noSuchProvider();
    }
    audit.record(request.caller(), "provider.delete", "provider " + id, "");
    return Response.noContent();
  }

  private Response test(Request request) throws InterruptedException {
    StoredProvider provider = find(new ProviderId(request.id("id")));
    String model =
        request
            .bodyIfAny(TestRequest.class)
            .flatMap(TestRequest::model)
            .or(() -> store.anyModel(provider.id()).map(StoredModel::name))
            .or(() -> StarterModels.names(provider.kind()).stream().findFirst())
            .orElseThrow(
                () -> Problems.conflict("add a model first, or say in model which one to ask"));
    try (Provider client = catalog.create(provider)) {
      return Response.ok(ProviderProbe.run(client, model));
    } catch (ProviderException e) {
      return Response.ok(
          new ProviderProbe.Result(false, model, 0, Optional.of(ProviderProbe.reason(e))));
    }
  }

  private StoredProvider find(ProviderId id) {
    return store.findProvider(id).orElseThrow(() -> noSuchProvider());
  }

  private static RuntimeException noSuchProvider() {
    return Problems.notFound("there is no provider with this id");
  }

  private static RuntimeException taken(String name) {
    return Problems.conflict("another provider has the name " + name);
  }
}
