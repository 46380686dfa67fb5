package dev.warren.server.model;

import dev.warren.llm.KnownModel;
import dev.warren.llm.KnownModels;
import dev.warren.llm.ReasoningLevel;
import dev.warren.protocol.Json;
import dev.warren.server.approval.ToolNames;
import dev.warren.server.audit.AuditLog;
import dev.warren.server.http.Access;
import dev.warren.server.http.Change;
import dev.warren.server.http.Page;
import dev.warren.server.http.Problems;
import dev.warren.server.http.Request;
import dev.warren.server.http.Response;
import dev.warren.server.http.Route;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Models: what everybody may use, and what administrators make of them; and the settings of the
/// installation.
public final class ModelRoutes {
  private static final long CONTEXT_LIMIT_MAX = 100_000_000;
  private static final String MODELS = Route.API + "/admin/models";
  private static final String SETTINGS = Route.API + "/admin/settings";

  private final ModelCatalog catalog;
  private final ModelStore store;
  private final SettingsStore settings;
  private final AuditLog audit;
  private final ToolNames tools;

  public ModelRoutes(ModelCatalog catalog, AuditLog audit, ToolNames tools) {
    this.tools = tools;
    this.catalog = catalog;
    this.store = catalog.store();
    this.settings = catalog.settingsStore();
    this.audit = audit;
  }

  /// A model, as everybody sees it.
  record ModelView(
      ModelId id,
      String provider,
      String name,
      String displayName,
      long contextLimit,
      boolean isDefault) {
    static ModelView of(StoredModel model) {
      return new ModelView(
          model.id(),
          model.provider(),
          model.name(),
          model.displayName(),
          model.contextLimit(),
          model.isDefault());
    }
  }

  /// A level of reasoning that a model takes.
  ///
  /// @param options that ask for it, to be merged into the model's own
  record LevelView(ReasoningLevel level, ObjectNode options) {}

  /// A model, as administrators see it.
  record AdminModelView(
      ModelId id,
      ProviderId providerId,
      String provider,
      String name,
      String displayName,
      long contextLimit,
      Optional<Integer> maxOutputTokens,
      Optional<Double> compactionThreshold,
      Optional<Prices> prices,
      ObjectNode options,
      List<LevelView> reasoningLevels,
      boolean enabled,
      boolean isDefault) {
    static AdminModelView of(StoredModel model, List<LevelView> levels) {
      return new AdminModelView(
          model.id(),
          model.providerId(),
          model.provider(),
          model.name(),
          model.displayName(),
          model.contextLimit(),
          model.maxOutputTokens(),
          model.compactionThreshold(),
          model.prices().map(json -> Json.STRICT.readValue(json, Prices.class)),
          (ObjectNode) Json.STRICT.readTree(model.options()),
          levels,
          model.enabled(),
          model.isDefault());
    }
  }

  record NewModel(
      UUID providerId,
      String name,
      Optional<String> displayName,
      Optional<Long> contextLimit,
      Optional<Integer> maxOutputTokens,
      Optional<Double> compactionThreshold,
      Optional<Prices> prices,
      Optional<ObjectNode> options,
      Optional<Boolean> enabled,
      Optional<Boolean> isDefault) {
    NewModel {
      checkName("name", name);
      displayName.ifPresent(value -> checkName("display_name", value));
      checkLimits(contextLimit, maxOutputTokens, compactionThreshold);
    }
  }

  record ModelPatch(
      Optional<String> name,
      Change<String> displayName,
      Optional<Long> contextLimit,
      Change<Integer> maxOutputTokens,
      Change<Double> compactionThreshold,
      Change<Prices> prices,
      Change<ObjectNode> options,
      Optional<Boolean> enabled,
      Optional<Boolean> isDefault) {
    ModelPatch {
      name.ifPresent(value -> checkName("name", value));
      displayName.sent().ifPresent(value -> checkName("display_name", value));
      checkLimits(contextLimit, maxOutputTokens.sent(), compactionThreshold.sent());
    }

    StoredModel applied(StoredModel model) {
      return new StoredModel(
          model.id(),
          model.providerId(),
          model.provider(),
          name.orElse(model.name()),
          displayName.or(name.orElse(model.name())).orElse(model.displayName()),
          contextLimit.orElse(model.contextLimit()),
          maxOutputTokens.applied(model.maxOutputTokens()),
          compactionThreshold.applied(model.compactionThreshold()),
          prices.isKept() ? model.prices() : prices.sent().map(Json.STRICT::writeValueAsString),
          options.isKept()
              ? model.options()
              : options.sent().map(ObjectNode::toString).orElse("{}"),
          enabled.orElse(model.enabled()),
          model.isDefault());
    }
  }

  private static void checkName(String field, String value) {
    if (value.isBlank() || value.length() > 2 * ProviderRoutes.NAME_CHARS_MAX) {
      throw Problems.badInput(
          field, "is not 1 to " + 2 * ProviderRoutes.NAME_CHARS_MAX + " characters long");
    }
  }

  private static void checkLimits(
      Optional<Long> contextLimit,
      Optional<Integer> maxOutputTokens,
      Optional<Double> compactionThreshold) {
    if (contextLimit.filter(tokens -> tokens < 1 || tokens > CONTEXT_LIMIT_MAX).isPresent()) {
      throw Problems.badInput("context_limit", "is not between 1 and " + CONTEXT_LIMIT_MAX);
    }
    if (maxOutputTokens.filter(tokens -> tokens < 1).isPresent()) {
      throw Problems.badInput("max_output_tokens", "is not positive");
    }
    if (compactionThreshold.filter(share -> !(share > 0 && share <= 1)).isPresent()) {
      throw Problems.badInput(
          "compaction_threshold", "is not a share of the window, above 0 and at most 1");
    }
  }

  public List<Route> routes() {
    return List.of(
        Route.get(Route.API + "/models", Access.USER, this::usable)
            .paged()
            .answers(200, Page.Of.class)
            .summary("Lists the models that the caller may use"),
        Route.get(MODELS, Access.ADMIN, this::list)
            .paged()
            .answers(200, Page.Of.class)
            .summary("Lists all models"),
        Route.post(MODELS, Access.ADMIN, this::create)
            .accepts(NewModel.class)
            .answers(201, AdminModelView.class)
            .summary("Adds a model"),
        Route.get(MODELS + "/{id}", Access.ADMIN, this::show)
            .answers(200, AdminModelView.class)
            .summary("Shows a model"),
        Route.patch(MODELS + "/{id}", Access.ADMIN, this::update)
            .accepts(ModelPatch.class)
            .answers(200, AdminModelView.class)
            .summary("Changes a model"),
        Route.delete(MODELS + "/{id}", Access.ADMIN, this::delete)
            .answers(204)
            .summary("Removes a model"),
        Route.get(SETTINGS, Access.ADMIN, request -> Response.ok(settings.read()))
            .answers(200, AdminSettings.class)
            .summary("Shows what is set for all chats"),
        Route.patch(SETTINGS, Access.ADMIN, this::updateSettings)
            .accepts(AdminSettings.Patch.class)
            .answers(200, AdminSettings.class)
            .summary("Sets for all chats, from each one's next step on"));
  }

  private Response usable(Request request) {
    Page page = request.page();
    List<StoredModel> rows = store.models(true, page.cursorId(), page.limit() + 1);
    return Response.ok(
        page.cut(rows.stream().map(ModelView::of).toList(), view -> view.id().toString()));
  }

  private Response list(Request request) {
    Page page = request.page();
    List<StoredModel> rows = store.models(false, page.cursorId(), page.limit() + 1);
    return Response.ok(
        page.cut(rows.stream().map(this::view).toList(), view -> view.id().toString()));
  }

  private Response create(Request request) {
    NewModel sent = request.body(NewModel.class);
    ProviderId provider = new ProviderId(sent.providerId());
    StoredProvider owner =
        store
            .findProvider(provider)
            .orElseThrow(() -> Problems.badInput("provider_id", "is not a provider's id"));
    Optional<KnownModel> known =
        KnownModels.find(owner.kind(), owner.baseUrl().map(URI::create), sent.name());
    long contextLimit =
        sent.contextLimit()
            .or(() -> known.map(KnownModel::contextTokens))
            .orElseThrow(() ->
                Problems.badInput(
                    "context_limit", "is required, since the catalogue does not know this model"));
    ModelId id = new ModelId(request.newId());
    StoredModel model =
        new StoredModel(
            id,
            provider,
            "",
            sent.name(),
            sent.displayName().orElse(sent.name()),
            contextLimit,
            sent.maxOutputTokens().or(() -> known.flatMap(KnownModel::maxOutputTokens)),
            sent.compactionThreshold(),
            sent.prices()
                .or(() -> known.flatMap(KnownModel::price).map(Prices::of))
                .map(Json.STRICT::writeValueAsString),
            sent.options().map(ObjectNode::toString).orElse("{}"),
            sent.enabled().orElse(true),
            sent.isDefault().orElse(false));
    if (!store.insertModel(model)) {
      throw taken(model);
    }
    audit.record(request.caller(), "model.create", "model " + id, sent.name());
    return Response.created(view(find(id)));
  }

  private Response show(Request request) {
    return Response.ok(view(find(new ModelId(request.id("id")))));
  }

  private Response update(Request request) {
    ModelId id = new ModelId(request.id("id"));
    ModelPatch patch = request.body(ModelPatch.class);
    StoredModel after = patch.applied(find(id));
    if (!store.updateModel(after, patch.isDefault())) {
      throw taken(after);
    }
    audit.record(request.caller(), "model.update", "model " + id, after.displayName());
    return Response.ok(view(find(id)));
  }

  private Response delete(Request request) {
    ModelId id = new ModelId(request.id("id"));
    if (!store.deleteModel(id)) {
      throw noSuchModel();
    }
    audit.record(request.caller(), "model.delete", "model " + id, "");
    return Response.noContent();
  }

  private Response updateSettings(Request request) {
    AdminSettings.Patch patch = request.body(AdminSettings.Patch.class);
    patch.disabledTools().sent().ifPresent(names -> tools.check("disabled_tools", names));
    patch.approvalRules().sent().ifPresent(rules -> tools.checkRules("approval_rules", rules));
    AdminSettings now = settings.update(patch);
    audit.record(request.caller(), "settings.update", "settings", "");
    return Response.ok(now);
  }

  private AdminModelView view(StoredModel model) {
    List<LevelView> levels = new ArrayList<>();
    store
        .findProvider(model.providerId())
        .ifPresent(provider ->
            catalog
                .reasoning(provider, model.name())
                .forEach((level, options) -> levels.add(new LevelView(level, options))));
    return AdminModelView.of(model, levels);
  }

  private StoredModel find(ModelId id) {
    return store.findModel(id).orElseThrow(() -> noSuchModel());
  }

  private static RuntimeException noSuchModel() {
    return Problems.notFound("there is no model with this id");
  }

  private static RuntimeException taken(StoredModel model) {
    return Problems.conflict(
        "the provider has a model " + model.displayName() + " already; give another display_name");
  }
}
