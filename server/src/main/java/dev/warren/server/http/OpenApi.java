package dev.warren.server.http;

import dev.warren.protocol.Json;
import dev.warren.protocol.Problem;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Describes the routes as an OpenAPI 3.1 document. The route table is its only source, so it
/// cannot tell of an endpoint that is not there, or forget one.
final class OpenApi {
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

  /// What replicas ask of each other is nobody else's.
  private static final String REPLICAS = "/internal/";

  private final JsonSchemas schemas = new JsonSchemas();
  private final ObjectNode paths = Json.STRICT.createObjectNode();

  private OpenApi() {}

  static byte[] describe(Collection<Route> routes, String version) {
    OpenApi description = new OpenApi();
    routes.stream().filter(route -> !route.path().startsWith(REPLICAS)).forEach(description::add);
    return Json.STRICT.writeValueAsBytes(description.document(version));
  }

  private ObjectNode document(String version) {
    ObjectNode problem = schemas.of(Problem.class);
    ObjectNode document = Json.STRICT.createObjectNode();
    document.put("openapi", "3.1.0");
    document.putObject("info").put("title", "Warren").put("version", version);
    document.set("paths", paths);
    ObjectNode components = document.putObject("components");
    components.set("schemas", schemas.all());
    components
        .putObject("responses")
        .putObject("Problem")
        .put("description", "What is wrong, and what would help (RFC 9457)")
        .putObject("content")
        .putObject(Problem.MEDIA_TYPE)
        .set("schema", problem);
    ObjectNode security = components.putObject("securitySchemes");
    security.putObject("token").put("type", "http").put("scheme", "bearer");
    security
        .putObject("session")
        .put("type", "apiKey")
        .put("in", "cookie")
        .put("name", Guard.COOKIE)
        .put("description", "Needs the header " + Guard.CSRF_HEADER + " too");
    return document;
  }

  private void add(Route route) {
    ObjectNode path =
        paths.has(route.path())
            ? (ObjectNode) paths.get(route.path())
            : paths.putObject(route.path());
    ObjectNode operation = path.putObject(route.method().name().toLowerCase(Locale.ROOT));
    if (!route.summary().isEmpty()) {
      operation.put("summary", route.summary());
    }
    operation.put("description", description(route));
    ArrayNode parameters = operation.putArray("parameters");
    Matcher names = PARAMETER.matcher(route.path());
    while (names.find()) {
      ObjectNode parameter = parameter(parameters, "path", names.group(1)).put("required", true);
      ObjectNode schema = parameter.putObject("schema").put("type", "string");
      if (names.group(1).endsWith("id")) {
        schema.put("format", "uuid");
      }
    }
    for (String name : route.query()) {
      parameter(parameters, "query", name)
          .putObject("schema")
          .put("type", name.equals("limit") ? "integer" : "string");
    }
    if (route.idempotent()) {
      parameter(parameters, "header", "Idempotency-Key")
          .put("description", "The same key and body get the same answer")
          .putObject("schema")
          .put("type", "string")
          .put("maxLength", 255);
    }
    body(route, operation);
    answers(route, operation.putObject("responses"));
    if (route.access() != Access.OPEN) {
      ArrayNode security = operation.putArray("security");
      security.addObject().putArray("token");
      security.addObject().putArray("session");
    }
  }

  private static String description(Route route) {
    String who =
        switch (route.access()) {
          case OPEN -> "For everybody, without credentials.";
          case USER -> "For users.";
          case TEMPLATE_ADMIN -> "For template administrators.";
          case AUDITOR -> "For administrators and auditors.";
          case ADMIN -> "For administrators.";
        };
    return switch (route.does()) {
      case Route.Does.Answers answers -> who;
      case Route.Does.Streams streams ->
          who + " Server-sent events, or a WebSocket when the request upgrades.";
      case Route.Does.Talks talks -> who + " A WebSocket.";
    };
  }

  private static ObjectNode parameter(ArrayNode parameters, String in, String name) {
    return parameters.addObject().put("name", name).put("in", in);
  }

  private void body(Route route, ObjectNode operation) {
    switch (route.body()) {
      case Route.Body.None() -> {}
      case Route.Body.Json json ->
          operation
              .putObject("requestBody")
              .put("required", json.required())
              .putObject("content")
              .putObject("application/json")
              .set("schema", schemas.of(json.type()));
      case Route.Body.Raw(int bytesMax) ->
          operation
              .putObject("requestBody")
              .put("required", true)
              .put("description", "At most " + bytesMax + " bytes")
              .putObject("content")
              .putObject("application/octet-stream");
    }
  }

  private void answers(Route route, ObjectNode responses) {
    ObjectNode good =
        responses.putObject(Integer.toString(route.answer().status())).put("description", "Done");
    if (route.does() instanceof Route.Does.Streams) {
      good.putObject("content").putObject("text/event-stream");
    }
    route
        .answer()
        .type()
        .ifPresent(type ->
            good.putObject("content")
                .putObject("application/json")
                .set("schema", schemas.of(type)));
    responses.putObject("default").put("$ref", "#/components/responses/Problem");
  }
}
