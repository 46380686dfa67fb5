package dev.warren.server.template;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// Something that a workspace of a template is asked for.
///
/// @param name 1 to 64 of `a-z 0-9 _`
/// @param displayName what people read in the name's place
/// @param defaultValue what it is when it is not given; absent with `required`
/// @param required whether it must be given
/// @param mutable whether a later build may change it
/// @param options the only values there are, when there are any
public record TemplateParameter(
    String name,
    Optional<String> displayName,
    Type type,
    @JsonProperty("default") Optional<JsonNode> defaultValue,
    boolean required,
    boolean mutable,
    String description,
    List<JsonNode> options,
    Optional<Validation> validation) {
  /// Most parameters of a template.
  public static final int COUNT_MAX = 100;

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final int DISPLAY_NAME_CHARS_MAX = 64;
  private static final int DESCRIPTION_CHARS_MAX = 2000;
  private static final int OPTIONS_MAX = 200;

  public TemplateParameter {
    options = options == null ? List.of() : List.copyOf(options);
    if (name == null || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a parameter's name is lower-case letters, digits and '_': " + name);
    }
    displayName = displayName.map(String::strip).filter(text -> !text.isEmpty());
    if (displayName.isPresent() && displayName.get().length() > DISPLAY_NAME_CHARS_MAX) {
      throw new IllegalArgumentException(
          "the display name of the parameter %s has more than %d characters"
              .formatted(name, DISPLAY_NAME_CHARS_MAX));
    }
    if (type == null) {
      throw new IllegalArgumentException("the parameter " + name + " needs a type");
    }
    if (description == null) {
      description = "";
    }
    if (description.length() > DESCRIPTION_CHARS_MAX || options.size() > OPTIONS_MAX) {
      throw new IllegalArgumentException(
          "the parameter %s has a description over %d characters or more than %d options"
              .formatted(name, DESCRIPTION_CHARS_MAX, OPTIONS_MAX));
    }
    for (JsonNode option : options) {
      check(name, type == Type.LIST ? Type.STRING : type, option, "option");
    }
    // an absent tree is read as the tree `null`
    defaultValue = defaultValue.filter(value -> !value.isNull());
    defaultValue.ifPresent(value -> check(name, type, value, "default"));
  }

  /// What kind of value it takes.
  public enum Type {
    STRING,
    NUMBER,
    BOOL,
    /// Of strings.
    LIST;

    boolean accepts(JsonNode value) {
      return switch (this) {
        case STRING -> value.isString();
        case NUMBER -> value.isNumber();
        case BOOL -> value.isBoolean();
        case LIST -> value.isArray() && value.valueStream().allMatch(JsonNode::isString);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Bounds of a value.
  ///
  /// @param min least number
  /// @param max greatest number
  /// @param pattern regular expression that the whole string, or each of a list, must match
  /// @param error what to say instead of our own words
  public record Validation(
      Optional<Double> min,
      Optional<Double> max,
      Optional<String> pattern,
      Optional<String> error) {
    private static final int PATTERN_CHARS_MAX = 500;

    public Validation {
      pattern.ifPresent(text -> {
        if (text.length() > PATTERN_CHARS_MAX) {
          throw new IllegalArgumentException(
              "a validation pattern has at most " + PATTERN_CHARS_MAX + " characters");
        }
        try {
          Pattern.compile(text);
        } catch (PatternSyntaxException e) {
          throw new IllegalArgumentException(
              "the validation pattern " + text + " is wrong: " + e.getDescription(), e);
        }
      });
    }

    /// What is wrong with the value, if anything.
    Optional<String> complain(JsonNode value) {
      Optional<String> found = Optional.empty();
      if (value.isNumber()) {
        double number = value.asDouble();
        if (min.isPresent() && number < min.get()) {
          found = Optional.of("must be at least " + min.get());
        }
        if (max.isPresent() && number > max.get()) {
          found = Optional.of("must be at most " + max.get());
        }
      }
      if (pattern.isPresent() && !matches(pattern.get(), value)) {
        found = Optional.of("must match " + pattern.get());
      }
      return found.isPresent() && error.isPresent() ? error : found;
    }

    private static boolean matches(String pattern, JsonNode value) {
      Pattern compiled = Pattern.compile(pattern);
      if (value.isArray()) {
        return value.valueStream().allMatch(item -> compiled.matcher(item.asString()).matches());
      }
      return !value.isString() || compiled.matcher(value.asString()).matches();
    }
  }

  /// What is wrong with this value for this parameter, if anything.
  Optional<String> complain(JsonNode value) {
    if (!type.accepts(value)) {
      return Optional.of("must be a " + (type == Type.LIST ? "list of strings" : type.toString()));
    }
    if (!options.isEmpty() && !isOption(value)) {
      return Optional.of("must be one of " + options);
    }
    return validation.flatMap(bounds -> bounds.complain(value));
  }

  private boolean isOption(JsonNode value) {
    return type == Type.LIST
        ? value.valueStream().allMatch(options::contains)
        : options.contains(value);
  }

  private static void check(String name, Type type, JsonNode value, String what) {
    if (!type.accepts(value)) {
      throw new IllegalArgumentException(
          "the %s of the parameter %s is no %s: %s".formatted(what, name, type, value));
    }
  }
}
