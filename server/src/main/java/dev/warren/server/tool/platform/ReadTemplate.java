package dev.warren.server.tool.platform;

import dev.warren.server.template.EngineKind;
import dev.warren.server.template.Template;
import dev.warren.server.template.TemplateId;
import dev.warren.server.template.TemplateParameter;
import dev.warren.server.template.Templates;
import dev.warren.server.tool.Field;
import dev.warren.server.tool.Tool;
import dev.warren.server.tool.ToolContext;
import dev.warren.server.tool.ToolResult;
import dev.warren.server.workspace.Workspaces;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// `read_template`: the parameters and the read-me of one template.
public final class ReadTemplate implements Tool<ReadTemplate.Input> {
  private static final int README_CHARS_MAX = 8000;

  private final Templates templates;
  private final Workspaces workspaces;

  public ReadTemplate(Templates templates, Workspaces workspaces) {
    this.templates = templates;
    this.workspaces = workspaces;
  }

  /// What the model gives.
  public record Input(@Field("The id that list_templates gave") UUID templateId) {}

  /// What it gets.
  record Output(
      TemplateId id,
      String name,
      String displayName,
      String description,
      EngineKind engine,
      boolean deprecated,
      List<TemplateParameter> parameters,
      String readme) {}

  @Override
  public String name() {
    return "read_template";
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
    Optional<Template> found =
        templates
            .find(new TemplateId(input.templateId()))
            .filter(template -> workspaces.mayUse(context.owner().id(), template));
    if (found.isEmpty()) {
      return ToolResult.error(
          "There is no template " + input.templateId() + "; list_templates gives the ids.");
    }
    Template template = found.get();
    String readme = template.readme();
    return ToolResult.of(
        new Output(
            template.id(),
            template.name(),
            template.displayName(),
            template.description(),
            template.engine(),
            template.deprecated(),
            template.parameters(),
            readme.length() <= README_CHARS_MAX
                ? readme
                : readme.substring(0, README_CHARS_MAX) + "\n[cut]"));
  }
}
