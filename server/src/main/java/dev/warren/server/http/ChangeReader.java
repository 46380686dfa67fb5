package dev.warren.server.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;

/// Reads a [Change]: tells a member that is `null` from one that is not there.
final class ChangeReader extends ValueDeserializer<Change<?>> {
  private final @Nullable ValueDeserializer<?> values;

  ChangeReader() {
    this(null);
  }

  private ChangeReader(@Nullable ValueDeserializer<?> values) {
    this.values = values;
  }

  /// For the values of one member.
  @Override
  public ValueDeserializer<?> createContextual(
      DeserializationContext context, BeanProperty property) {
    JavaType value = property.getType().containedTypeOrUnknown(0);
    return new ChangeReader(context.findContextualValueDeserializer(value, property));
  }

  @Override
  public Change<?> deserialize(JsonParser parser, DeserializationContext context) {
    return Change.set(Objects.requireNonNull(values, "a member").deserialize(parser, context));
  }

  @Override
  public Object getNullValue(DeserializationContext context) {
    return Change.clear();
  }

  @Override
  public Object getAbsentValue(DeserializationContext context) {
    return Change.keep();
  }
}
