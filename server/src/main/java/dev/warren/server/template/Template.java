package dev.warren.server.template;

import java.util.List;

/// A template with its active version, as the API shows it.
///
/// @param gitHosts where git may log in from its workspaces: hosts, `*.domain`, or `*`
public record Template(
    TemplateId id,
    String name,
    String displayName,
    String description,
    EngineKind engine,
    TemplateVersionId activeVersionId,
    List<TemplateParameter> parameters,
    boolean deprecated,
    List<String> gitHosts,
    String readme) {
  public Template {
    gitHosts = List.copyOf(gitHosts);
    parameters = List.copyOf(parameters);
  }
}
