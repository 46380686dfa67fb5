package dev.warren.server.http;

import dev.warren.protocol.Json;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// Reads JSON bodies strictly into records: what is unknown, doubled, missing or of another type is
/// a problem that names the field. In strings NUL and lone surrogates, which PostgreSQL cannot
/// hold, become U+FFFD.
final class JsonBodies {
  private static final JsonMapper MAPPER =
      Json.STRICT
          .rebuild()
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .annotationIntrospector(new PrimitivesAreRequired())
          .addModule(
              new SimpleModule()
                  .addDeserializer(String.class, new CleanStrings())
                  .addDeserializer(Change.class, new ChangeReader()))
          .build();

  private JsonBodies() {}

  static <T> T read(byte[] body, Class<T> type) {
    try {
      return MAPPER.readValue(body, type);
    } catch (JacksonException e) {
      throw problem(e);
    }
  }

  /// As [#read], but a member that has to have a value may not be `null`: what is to stay is left
  /// out of a patch.
  static <T> T readPatch(byte[] body, Class<T> type) {
    T patch = read(body, type);
    JsonNode sent = MAPPER.readTree(body);
    for (RecordComponent member : type.getRecordComponents()) {
      String name = JsonSchemas.snakeCase(member.getName());
      if (member.getType() == Optional.class && sent.path(name).isNull()) {
        throw Problems.badInput(name, "cannot be null; leave it out to keep it");
      }
    }
    return patch;
  }

  private static ProblemException problem(JacksonException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException refused) {
        return refused;
      }
    }
    if (e instanceof StreamConstraintsException) {
      return Problems.badRequest(
          "the body's JSON is nested too deep or has values that are too long");
    }
    if (e instanceof StreamReadException) {
      return Problems.badRequest(
          "the body is not valid JSON: " + firstLine(e.getOriginalMessage()));
    }
    String field = e instanceof DatabindException ? path(e.getPath()) : "";
    if (e instanceof UnrecognizedPropertyException unknown) {
      return Problems.badInput(
          field,
          "is not known here; known are "
              + unknown.getKnownPropertyIds().stream().map(Object::toString).sorted().toList());
    }
    if (field.isEmpty()) {
      return Problems.badRequest("the body is not what is expected: " + reason(e));
    }
    return Problems.badInput(field, reason(e));
  }

  private static String reason(JacksonException e) {
    String message = e.getOriginalMessage();
    if (message.startsWith("Null value for creator property")
        || message.startsWith("Cannot map `null` into type")
        || message.startsWith("Missing required creator property")
        || message.startsWith("Missing creator property")) {
      return "is required";
    }
    if (e instanceof InvalidFormatException invalid && invalid.getTargetType().isEnum()) {
      return "is not one of " + List.of(invalid.getTargetType().getEnumConstants());
    }
    if (e instanceof InvalidFormatException invalid) {
      return "is not a " + word(invalid.getTargetType());
    }
    if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
      return "is not a " + word(mismatch.getTargetType());
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException wrong && wrong.getMessage() != null) {
        return wrong.getMessage();
      }
    }
    return "is not valid";
  }

  private static String word(Class<?> type) {
    if (type.isArray() || Iterable.class.isAssignableFrom(type)) {
      return "list";
    }
    if (type.isRecord() || type.isInterface()) {
      return "JSON object of the documented form";
    }
    return switch (type.getSimpleName()) {
      case "int", "long", "Integer", "Long", "short", "byte" -> "whole number in range";
      case "double", "float", "Double", "Float", "BigDecimal" -> "number";
      case "boolean", "Boolean" -> "boolean";
      case "UUID" -> "UUID";
      case "Instant" -> "time in RFC 3339 form";
      default -> type.getSimpleName().toLowerCase(Locale.ROOT);
    };
  }

  private static String path(List<Reference> path) {
    StringBuilder text = new StringBuilder();
    for (Reference reference : path) {
      if (reference.getPropertyName() == null) {
        text.append('[').append(reference.getIndex()).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(reference.getPropertyName());
      }
    }
    return text.toString();
  }

  /// The parser's words without where it read them: a body has no file.
  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("").replaceAll(" ?\\(?[a-z ]*\\[Source: .*", "");
  }

  /// Without it a number or flag that is missing would read as 0 or false.
  private static final class PrimitivesAreRequired extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
      return member.getRawType().isPrimitive()
          ? Boolean.TRUE
          : super.hasRequiredMarker(config, member);
    }
  }

  /// Strings without what the database cannot hold.
  private static final class CleanStrings extends StringDeserializer {
    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) {
      String text = super.deserialize(parser, context);
      return text == null ? text : Texts.clean(text);
    }
  }
}
