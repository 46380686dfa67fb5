package dev.warren.server.template;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Names a template.
public record TemplateId(@JsonValue UUID value) {
  @JsonCreator
  public TemplateId {}

  @Override
  public String toString() {
    return value.toString();
  }
}
