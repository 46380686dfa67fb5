package dev.warren.server.tool;

import dev.warren.protocol.Json;
import dev.warren.protocol.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The input of a tool, made from its record: the JSON Schema that the model sees, and the check of
/// what it sends. Every mistake is named with its field and what would be right.
public final class InputType<I extends Record> {
  /// Mistakes that are told at once; the model mends the first ones and sees the rest then.
  static final int ERRORS_MAX = 8;

  private final Class<I> type;
  private final Shape.Members members;
  private final ObjectNode schema;

  private InputType(Class<I> type, Shape.Members members) {
    this.type = type;
    this.members = members;
    this.schema = members.schema();
  }

  public static <I extends Record> InputType<I> of(Class<I> type) {
    return new InputType<>(type, Shape.members(type));
  }

  public ObjectNode schema() {
    return schema.deepCopy();
  }

  /// Checks the model's arguments.
  ///
  /// @param rawInput as the model wrote them
  public Reading<I> read(String rawInput) {
    JsonNode tree;
    try {
      tree = rawInput.isBlank() ? Json.STRICT.createObjectNode() : Json.STRICT.readTree(rawInput);
    } catch (JacksonException e) {
      return invalid("", "The arguments are not valid JSON: " + e.getOriginalMessage());
    }
    if (!tree.isObject()) {
      return invalid("", "The arguments must be one JSON object, and were " + Shape.kind(tree));
    }
    List<FieldError> errors = new ArrayList<>();
    JsonNode clean = members.check(tree, "", errors);
    if (!errors.isEmpty()) {
      return new Reading.Invalid<>(errors.subList(0, Math.min(errors.size(), ERRORS_MAX)));
    }
    try {
      return new Reading.Valid<>(Json.STRICT.treeToValue(clean, type));
    } catch (JacksonException | IllegalArgumentException e) {
      Throwable cause = e.getCause() instanceof IllegalArgumentException checked ? checked : e;
      return invalid("", Optional.ofNullable(cause.getMessage()).orElse("not understood"));
    }
  }

  private static <I> Reading<I> invalid(String field, String detail) {
    return new Reading.Invalid<>(List.of(new FieldError(field, detail)));
  }

  /// What came of reading an input.
  public sealed interface Reading<I> {
    record Valid<I>(I value) implements Reading<I> {}

    record Invalid<I>(List<FieldError> errors) implements Reading<I> {
      public Invalid {
        errors = List.copyOf(errors);
      }

      /// The error result for the model.
      public ToolResult result(String tool) {
        StringJoiner lines = new StringJoiner("\n");
        lines.add(
            "The call of " + tool + " was not run: its input is wrong. Mend it and call again.");
        errors.forEach(error ->
            lines.add(
                error.field().isEmpty()
                    ? "- " + error.detail()
                    : "- " + error.field() + ": " + error.detail()));
        return ToolResult.error(lines.toString());
      }
    }
  }
}
