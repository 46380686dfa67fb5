package dev.warren.cli.workspace;

import dev.warren.cli.client.Console;
import dev.warren.cli.client.Failure;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Parameters as they are typed on a command line, turned into what their template declares.
final class TemplateParameters {
  private TemplateParameters() {}

  static Map<String, Object> typed(JsonNode template, Map<String, String> given) {
    Map<String, Object> typed = new LinkedHashMap<>();
    given.forEach((name, value) -> typed.put(name, value(type(template, name), name, value)));
    return typed;
  }

  private static String type(JsonNode template, String name) {
    for (JsonNode parameter : template.path("parameters")) {
      if (Console.at(parameter, "name").equals(name)) {
        return Console.at(parameter, "type");
      }
    }
    throw new Failure(
        "template " + Console.at(template, "name") + " has no parameter '" + name + "'");
  }

  private static Object value(String type, String name, String value) {
    return switch (type) {
      case "number" -> number(name, value);
      case "bool" -> bool(name, value);
      case "list" -> value.isEmpty() ? List.of() : List.of(value.split(","));
      default -> value;
    };
  }

  private static BigDecimal number(String name, String value) {
    try {
      return new BigDecimal(value);
    } catch (NumberFormatException e) {
      throw new Failure("parameter " + name + " is a number, not '" + value + "'", e);
    }
  }

  private static boolean bool(String name, String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new Failure("parameter " + name + " is true or false, not '" + value + "'");
    };
  }
}
