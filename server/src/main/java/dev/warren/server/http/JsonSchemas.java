package dev.warren.server.http;

import dev.warren.protocol.Json;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON Schemas of the records that cross the API. Each record is described once, under its name,
/// and referred to.
final class JsonSchemas {
  private static final Set<Class<?>> WHOLE =
      Set.of(int.class, long.class, short.class, Integer.class, Long.class, Short.class);
  private static final Set<Class<?>> NUMBERS =
      Set.of(double.class, float.class, Double.class, Float.class, BigDecimal.class);

  private final Map<String, ObjectNode> named = new TreeMap<>();

  /// A schema, or a reference to one.
  ObjectNode of(Type type) {
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      Type[] arguments = generic.getActualTypeArguments();
      if (raw == Optional.class) {
        return of(arguments[0]);
      }
      if (raw == Change.class) {
        ObjectNode either = Json.STRICT.createObjectNode();
        either.putArray("anyOf").add(of(arguments[0])).add(typed("null"));
        return either;
      }
      if (Collection.class.isAssignableFrom(raw)) {
        return array(of(arguments[0]));
      }
      if (Map.class.isAssignableFrom(raw)) {
        ObjectNode map = typed("object");
        map.set("additionalProperties", of(arguments[1]));
        return map;
      }
      return of(raw);
    }
    return type instanceof Class<?> raw ? ofClass(raw) : any();
  }

  private ObjectNode ofClass(Class<?> type) {
    if (type == String.class) {
      return typed("string");
    }
    if (type == UUID.class || isId(type)) {
      return typed("string").put("format", "uuid");
    }
    if (type == Instant.class) {
      return typed("string").put("format", "date-time");
    }
    if (WHOLE.contains(type)) {
      return typed("integer");
    }
    if (NUMBERS.contains(type)) {
      return typed("number");
    }
    if (type == boolean.class || type == Boolean.class) {
      return typed("boolean");
    }
    if (type.isEnum()) {
      ObjectNode schema = typed("string");
      ArrayNode values = schema.putArray("enum");
      for (Object constant : type.getEnumConstants()) {
        values.add(constant.toString());
      }
      return schema;
    }
    if (type == ObjectNode.class || Map.class.isAssignableFrom(type)) {
      return typed("object");
    }
    if (Collection.class.isAssignableFrom(type)) {
      return array(any());
    }
    return type.isRecord() ? record(type) : any();
  }

  /// One-field records over a UUID are written as their value.
  private static boolean isId(Class<?> type) {
    if (!type.isRecord()) {
      return false;
    }
    RecordComponent[] components = type.getRecordComponents();
    return components.length == 1 && components[0].getType() == UUID.class;
  }

  private ObjectNode record(Class<?> type) {
    String name = name(type);
    if (!named.containsKey(name)) {
      ObjectNode schema = typed("object");
      // Entered before its members are, for they may refer to it.
      named.put(name, schema);
      ObjectNode properties = schema.putObject("properties");
      ArrayNode required = schema.putArray("required");
      for (RecordComponent component : type.getRecordComponents()) {
        String member = snakeCase(component.getName());
        properties.set(member, of(component.getGenericType()));
        if (component.getType() != Optional.class && component.getType() != Change.class) {
          required.add(member);
        }
      }
    }
    return Json.STRICT.createObjectNode().put("$ref", "#/components/schemas/" + name);
  }

  /// Records of the same simple name in several features are told apart by their package.
  private static String name(Class<?> type) {
    String feature = type.getPackageName().substring(type.getPackageName().lastIndexOf('.') + 1);
    return feature + "." + type.getSimpleName();
  }

  ObjectNode all() {
    ObjectNode all = Json.STRICT.createObjectNode();
    named.forEach(all::set);
    return all;
  }

  private static ObjectNode array(ObjectNode items) {
    ObjectNode array = typed("array");
    array.set("items", items);
    return array;
  }

  private static ObjectNode typed(String type) {
    return Json.STRICT.createObjectNode().put("type", type);
  }

  private static ObjectNode any() {
    return Json.STRICT.createObjectNode();
  }

  static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
  }
}
