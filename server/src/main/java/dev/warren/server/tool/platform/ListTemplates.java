package dev.warren.server.tool.platform;

import dev.warren.server.template.EngineKind;
import dev.warren.server.template.Template;
import dev.warren.server.template.TemplateId;
import dev.warren.server.template.Templates;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.Workspaces;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `list_templates`: what a workspace can be made from, best first.
public final class ListTemplates implements Tool<ListTemplates.Input> {
  private static final int PAGE = 10;

  /// Templates that are looked at.
  private static final int TEMPLATES_MAX = 500;

  private static final int DESCRIPTION_CHARS_MAX = 300;

  private final Templates templates;
  private final Workspaces workspaces;

  public ListTemplates(Templates templates, Workspaces workspaces) {
    this.templates = templates;
    this.workspaces = workspaces;
  }

  /// What the model gives.
  public record Input(
      @Field(value = "Words to look for, such as a language", max = 200) Optional<String> query,
      @Field(value = "Page, from 1", min = 1, max = 100) Optional<Integer> page) {}

  /// What it gets.
  record Output(
      List<Item> templates,
      Optional<TemplateId> recommendedTemplateId,
      String nextStep,
      Optional<Integer> nextPage) {}

  /// One template in brief.
  record Item(
      TemplateId id,
      String name,
      String displayName,
      String description,
      int activeDevelopers,
      int yourWorkspaces) {}

  /// A template with what its place in the list depends on.
  private record Ranked(Template template, int match, Workspaces.Popularity use) {
    boolean isForAgents() {
      return template.engine() != EngineKind.EXTERNAL;
    }

    /// Matches count most, then own use, then everybody's.
    long score() {
      return match * 1_000_000L
          + Math.min(use.yourWorkspaces(), 99) * 1000L
          + use.activeDevelopers();
    }
  }

  @Override
  public String name() {
    return "list_templates";
  }

  @Override
  public Family family() {
    return Family.PLATFORM;
  }

  @Override
  public Effect effect() {
    return Effect.NONE;
  }

  @Override
  public Class<Input> inputType() {
    return Input.class;
  }

  @Override
  public ToolResult execute(ToolContext context, Input input) {
    String query = input.query().orElse("").strip().toLowerCase(Locale.ROOT);
    Map<TemplateId, Workspaces.Popularity> use = workspaces.popularity(context.owner().id());
    List<Ranked> ranked =
        templates.all(TEMPLATES_MAX).stream()
            .filter(template -> !template.deprecated())
            .filter(template -> workspaces.mayUse(context.owner().id(), template))
            .map(template ->
                new Ranked(
                    template,
                    match(template, query),
                    use.getOrDefault(template.id(), Workspaces.Popularity.NONE)))
            .filter(item -> query.isEmpty() || item.match() > 0)
            .sorted(
                Comparator.comparing(Ranked::isForAgents)
                    .thenComparingLong(Ranked::score)
                    .reversed()
                    .thenComparing(item -> item.template().name()))
            .toList();
    int page = input.page().orElse(1);
    int from = Math.min((page - 1) * PAGE, ranked.size());
    int to = Math.min(from + PAGE, ranked.size());
    Optional<TemplateId> recommended = recommend(ranked);
    return ToolResult.of(
        new Output(
            ranked.subList(from, to).stream().map(ListTemplates::item).toList(),
            recommended,
            nextStep(ranked, recommended, query),
            to < ranked.size() ? Optional.of(page + 1) : Optional.empty()));
  }

  private static Item item(Ranked item) {
    Template template = item.template();
    String description = template.description();
    return new Item(
        template.id(),
        template.name(),
        template.displayName(),
        description.length() <= DESCRIPTION_CHARS_MAX
            ? description
            : description.substring(0, DESCRIPTION_CHARS_MAX) + "…",
        item.use().activeDevelopers(),
        item.use().yourWorkspaces());
  }

  /// How well a template answers the query: its name counts more than its description.
  private static int match(Template template, String query) {
    if (query.isEmpty()) {
      return 0;
    }
    String name = (template.name() + " " + template.displayName()).toLowerCase(Locale.ROOT);
    String text = template.description().toLowerCase(Locale.ROOT);
    int points = template.name().equals(query) ? 20 : 0;
    for (String word : query.split("\\s+")) {
      points += name.contains(word) ? 5 : 0;
      points += text.contains(word) ? 1 : 0;
    }
    return points;
  }

  /// The first one, when it is clearly ahead.
  private static Optional<TemplateId> recommend(List<Ranked> ranked) {
    List<Ranked> candidates = ranked.stream().filter(Ranked::isForAgents).toList();
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    boolean isClear =
        candidates.size() == 1 || candidates.get(0).score() > 2 * candidates.get(1).score();
    return isClear ? Optional.of(candidates.getFirst().template().id()) : Optional.empty();
  }

  private static String nextStep(
      List<Ranked> ranked, Optional<TemplateId> recommended, String query) {
    if (ranked.isEmpty()) {
      return query.isEmpty()
          ? "There is no template: tell the user that an administrator must make one."
          : "Nothing matches: call list_templates without a query.";
    }
    return recommended.isPresent()
        ? "Call create_workspace with recommended_template_id, unless the user asked for another."
        : "Choose by the descriptions; read_template tells more. Ask the user only if it matters.";
  }
}
