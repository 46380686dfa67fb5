package dev.warren.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// JSON as all of Warren's borders write it: snake_case names, RFC 3339 times, lower-case enum
/// constants, absent members left out. Reading is strict: unknown or doubled members, numbers for
/// strings and trailing tokens are errors, and depth and sizes are bounded. Mappers are
/// thread-safe.
public final class Json {
  /// Deepest nesting that is read.
  public static final int DEPTH_MAX = 64;

  /// Longest string value that is read, in characters.
  public static final int STRING_CHARS_MAX = 32 * 1024 * 1024;

  /// For what comes from outside and must be exactly as documented.
  public static final JsonMapper STRICT = builder().build();

  /// For answers of a newer peer: members that this version does not know are skipped.
  public static final JsonMapper LENIENT =
      builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Json() {}

  private static JsonMapper.Builder builder() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(STRING_CHARS_MAX)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    return JsonMapper.builder(factory)
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .changeDefaultPropertyInclusion(
            included -> included.withValueInclusion(JsonInclude.Include.NON_ABSENT))
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            text -> {
              text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
              text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
              text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
        .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
        .enable(EnumFeature.READ_ENUMS_USING_TO_STRING)
        .enable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
  }
}
