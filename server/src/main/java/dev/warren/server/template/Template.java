package dev.warren.server.template;

import java.util.List;

/// A template with its active version, as the API shows it.
public record Template(
    TemplateId id,
    String name,
    String displayName,
    String description,
    EngineKind engine,
    TemplateVersionId activeVersionId,
    List<TemplateParameter> parameters,
    boolean deprecated,
    String readme) {
  public Template {
    parameters = List.copyOf(parameters);
  }
}
