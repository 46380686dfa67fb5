package dev.warren.server.template;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names one version of a template.
public record TemplateVersionId(@JsonValue UUID value) {
  @JsonCreator
  public TemplateVersionId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
