package dev.warren.server.tool;

import dev.warren.protocol.Json;
import dev.warren.protocol.Problem.FieldError;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One kind of JSON value: how a schema says it, and how it is checked. Checking returns the value
/// without members that are null, which models send for what they leave out.
sealed interface Shape {
  ObjectNode schema();

  JsonNode check(JsonNode value, String path, List<FieldError> errors);

  static Members members(Class<?> type) {
    Map<String, Member> members = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Type declared = component.getGenericType();
      boolean optional = raw(declared) == Optional.class;
      Type value = optional ? argument(declared) : declared;
      Optional<Field> field = Optional.ofNullable(component.getAnnotation(Field.class));
      members.put(
          snakeCase(component.getName()),
          new Member(
              of(value, field.map(Field::min), field.map(Field::max)),
              !optional,
              field.map(Field::value).orElse("")));
    }
    return new Members(members);
  }

  private static Shape of(Type type, Optional<Long> min, Optional<Long> max) {
    Bounds bounds = new Bounds(min.orElse(Long.MIN_VALUE), max.orElse(Long.MAX_VALUE));
    Class<?> raw = raw(type);
    if (raw == String.class) {
      return new Text(bounds);
    }
    if (raw == int.class || raw == Integer.class) {
      return new Whole(bounds.within(Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    if (raw == long.class || raw == Long.class) {
      return new Whole(bounds);
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return new Flag();
    }
    if (raw == UUID.class) {
      return new Id();
    }
    if (raw.isEnum()) {
      List<String> names = new ArrayList<>();
      for (Object constant : raw.getEnumConstants()) {
        names.add(constant.toString());
      }
      return new OneOf(names);
    }
    if (raw == List.class) {
      return new Many(of(argument(type), Optional.empty(), Optional.empty()), bounds);
    }
    if (raw == Map.class || JsonNode.class.isAssignableFrom(raw)) {
      return new Free();
    }
    if (raw.isRecord()) {
      return members(raw);
    }
    throw new IllegalArgumentException("a tool's input cannot hold a " + type);
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }

  private static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> (Class<?>) generic.getRawType();
      default -> throw new IllegalArgumentException("a tool's input cannot hold a " + type);
    };
  }

  private static Type argument(Type type) {
    return ((ParameterizedType) type).getActualTypeArguments()[0];
  }

  static ObjectNode typed(String type) {
    return Json.STRICT.createObjectNode().put("type", type);
  }

  static JsonNode wrong(JsonNode value, String path, String wanted, List<FieldError> errors) {
    errors.add(new FieldError(path, "must be " + wanted + ", and was " + kind(value)));
    return value;
  }

  static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "a string";
      case NUMBER -> "the number " + value;
      case BOOLEAN -> "the boolean " + value;
      case NULL -> "null";
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case BINARY, MISSING, POJO -> "nothing";
    };
  }

  /// Inclusive.
  record Bounds(long min, long max) {
    Bounds within(long least, long greatest) {
      return new Bounds(/* min= */ Math.max(min, least), /* max= */ Math.min(max, greatest));
    }

    boolean allow(long value) {
      return value >= min && value <= max;
    }

    String words() {
      if (min == Long.MIN_VALUE) {
        return "at most " + max;
      }
      return max == Long.MAX_VALUE ? "at least " + min : min + " to " + max;
    }

    void into(ObjectNode schema, String least, String greatest) {
      if (min > Integer.MIN_VALUE) {
        schema.put(least, min);
      }
      if (max < Integer.MAX_VALUE) {
        schema.put(greatest, max);
      }
    }
  }

  record Text(Bounds bounds) implements Shape {
    @Override
    public ObjectNode schema() {
      ObjectNode schema = typed("string");
      bounds.into(schema, "minLength", "maxLength");
      return schema;
    }

    @Override
    public JsonNode check(JsonNode value, String path, List<FieldError> errors) {
      if (!value.isString()) {
        return wrong(value, path, "a string", errors);
      }
      int length = value.stringValue().length();
      if (!bounds.allow(length)) {
        errors.add(
            new FieldError(path, "must have " + bounds.words() + " characters, and had " + length));
      }
      return value;
    }
  }

  record Id() implements Shape {
    @Override
    public ObjectNode schema() {
      return typed("string");
    }

    @Override
    public JsonNode check(JsonNode value, String path, List<FieldError> errors) {
      if (!value.isString()) {
        return wrong(value, path, "an id (a UUID as a string)", errors);
      }
      try {
        UUID.fromString(value.stringValue());
      } catch (IllegalArgumentException e) {
        errors.add(
            new FieldError(
                path, "must be an id as an earlier result gave it (a UUID), and was " + value));
      }
      return value;
    }
  }

  record Whole(Bounds bounds) implements Shape {
    @Override
    public ObjectNode schema() {
      ObjectNode schema = typed("integer");
      bounds.into(schema, "minimum", "maximum");
      return schema;
    }

    @Override
    public JsonNode check(JsonNode value, String path, List<FieldError> errors) {
      if (!value.isIntegralNumber()) {
        return wrong(value, path, "a whole number", errors);
      }
      if (!value.canConvertToLong() || !bounds.allow(value.longValue())) {
        errors.add(new FieldError(path, "must be " + bounds.words() + ", and was " + value));
      }
      return value;
    }
  }

  record Flag() implements Shape {
    @Override
    public ObjectNode schema() {
      return typed("boolean");
    }

    @Override
    public JsonNode check(JsonNode value, String path, List<FieldError> errors) {
      return value.isBoolean() ? value : wrong(value, path, "true or false", errors);
    }
  }

  record OneOf(List<String> names) implements Shape {
    @Override
    public ObjectNode schema() {
      ObjectNode schema = typed("string");
      ArrayNode options = schema.putArray("enum");
      names.forEach(options::add);
      return schema;
    }

    @Override
    public JsonNode check(JsonNode value, String path, List<FieldError> errors) {
      if (!value.isString() || !names.contains(value.stringValue())) {
        errors.add(
            new FieldError(
                path, "must be one of " + String.join(", ", names) + ", and was " + value));
      }
      return value;
    }
  }

  record Many(Shape item, Bounds bounds) implements Shape {
    @Override
    public ObjectNode schema() {
      ObjectNode schema = typed("array");
      schema.set("items", item.schema());
      bounds.into(schema, "minItems", "maxItems");
      return schema;
    }

    @Override
    public JsonNode check(JsonNode value, String path, List<FieldError> errors) {
      if (!value.isArray()) {
        return wrong(value, path, "an array", errors);
      }
      if (!bounds.allow(value.size())) {
        errors.add(
            new FieldError(
                path, "must have " + bounds.words() + " items, and had " + value.size()));
      }
      ArrayNode clean = Json.STRICT.createArrayNode();
      for (int i = 0; i < value.size(); i++) {
        clean.add(item.check(value.get(i), path + "[" + i + "]", errors));
      }
      return clean;
    }
  }

  /// An object that the tool reads by itself.
  record Free() implements Shape {
    @Override
    public ObjectNode schema() {
      return typed("object");
    }

    @Override
    public JsonNode check(JsonNode value, String path, List<FieldError> errors) {
      return value.isObject() ? value : wrong(value, path, "an object", errors);
    }
  }

  record Member(Shape shape, boolean required, String description) {}

  record Members(Map<String, Member> members) implements Shape {
    @Override
    public ObjectNode schema() {
      ObjectNode schema = typed("object");
      ObjectNode properties = schema.putObject("properties");
      ArrayNode required = Json.STRICT.createArrayNode();
      members.forEach((name, member) -> {
        ObjectNode property = member.shape().schema();
        if (!member.description().isEmpty()) {
          property.put("description", member.description());
        }
        properties.set(name, property);
        if (member.required()) {
          required.add(name);
        }
      });
      if (!required.isEmpty()) {
        schema.set("required", required);
      }
      return schema.put("additionalProperties", false);
    }

    @Override
    public JsonNode check(JsonNode value, String path, List<FieldError> errors) {
      if (!value.isObject()) {
        return wrong(value, path, "an object", errors);
      }
      String prefix = path.isEmpty() ? "" : path + ".";
      ObjectNode clean = Json.STRICT.createObjectNode();
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        Member member = members.get(entry.getKey());
        if (member == null) {
          errors.add(
              new FieldError(
                  prefix + entry.getKey(), "is not a field of this tool; it has " + words()));
        } else if (!entry.getValue().isNull() || member.required()) {
          clean.set(
              entry.getKey(),
              member.shape().check(entry.getValue(), prefix + entry.getKey(), errors));
        }
      }
      members.forEach((name, member) -> {
        if (member.required() && !value.has(name)) {
          errors.add(new FieldError(prefix + name, "is missing; the tool has " + words()));
        }
      });
      return clean;
    }

    private String words() {
      StringJoiner words = new StringJoiner(", ");
      members.forEach((name, member) -> words.add(member.required() ? name : name + " (optional)"));
      return members.isEmpty() ? "no fields" : words.toString();
    }
  }
}
