package dev.warren.server.template;

import dev.warren.protocol.Json;
import dev.warren.protocol.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The values that a build gives to a template's parameters, checked.
///
/// @param values by name, in the template's order; parameters without value or default are left out
public record ParameterValues(ObjectNode values) {

  /// What [#resolve] found.
  public sealed interface Outcome {
    record Valid(ParameterValues values) implements Outcome {}

    record Invalid(List<FieldError> errors) implements Outcome {
      public Invalid {
        errors = List.copyOf(errors);
      }
    }
  }

  /// Takes what is given, else what the build before had, else the default.
  ///
  /// @param previous values of the workspace's build before, empty for a new workspace
  public static Outcome resolve(
      List<TemplateParameter> parameters,
      Map<String, JsonNode> given,
      Optional<ObjectNode> previous) {
    ObjectNode values = Json.STRICT.createObjectNode();
    List<FieldError> errors = new ArrayList<>();
    Map<String, JsonNode> unknown = new TreeMap<>(given);
    for (TemplateParameter parameter : parameters) {
      String field = "parameters." + parameter.name();
      unknown.remove(parameter.name());
      Optional<JsonNode> now = Optional.ofNullable(given.get(parameter.name()));
      Optional<JsonNode> before = previous.flatMap(old -> old.optional(parameter.name()));
      if (now.isPresent()
          && before.isPresent()
          && !parameter.mutable()
          && !now.get().equals(before.get())) {
        errors.add(new FieldError(field, "cannot be changed once the workspace exists"));
        continue;
      }
      Optional<JsonNode> value = now.or(() -> before).or(parameter::defaultValue);
      if (value.isEmpty()) {
        if (parameter.required()) {
          errors.add(new FieldError(field, "is required"));
        }
        continue;
      }
      parameter
          .complain(value.get())
          .ifPresentOrElse(
              complaint -> errors.add(new FieldError(field, complaint)),
              () -> values.set(parameter.name(), value.get()));
    }
    unknown
        .keySet()
        .forEach(name -> errors.add(new FieldError("parameters." + name, "is no parameter")));
    return errors.isEmpty()
        ? new Outcome.Valid(new ParameterValues(values))
        : new Outcome.Invalid(errors);
  }
}
