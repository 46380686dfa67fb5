package dev.warren.server.db;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.sql.Types;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.generic.GenericTypes;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.mapper.ColumnMapperFactory;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.RowMapperFactory;
import org.jspecify.annotations.Nullable;

/// Lets JDBI bind and read records: one-field records over a `UUID` as `uuid` columns, enums by
/// their `toString`, and any other record from a row by its components' names in snake case.
final class IdRecords {
  private IdRecords() {}

  static void register(Jdbi jdbi) {
    jdbi.registerArgument((ArgumentFactory) IdRecords::argument);
    jdbi.registerColumnMapper((ColumnMapperFactory) IdRecords::column);
    jdbi.registerRowMapper((RowMapperFactory) IdRecords::row);
  }

  private static Optional<Argument> argument(
      Type type, @Nullable Object value, ConfigRegistry config) {
    if (value instanceof Enum<?> constant) {
      return Optional.of((at, statement, context) -> statement.setString(at, constant.toString()));
    }
    if (!isId(GenericTypes.getErasedType(type))) {
      return Optional.empty();
    }
    if (value == null) {
      return Optional.of((at, statement, context) -> statement.setNull(at, Types.OTHER));
    }
    UUID id = idOf((Record) value);
    return Optional.of((at, statement, context) -> statement.setObject(at, id));
  }

  private static Optional<ColumnMapper<?>> column(Type type, ConfigRegistry config) {
    Class<?> erased = GenericTypes.getErasedType(type);
    if (erased.isEnum()) {
      return Optional.of((row, at, context) -> constant(erased, row.getString(at)));
    }
    if (!isId(erased)) {
      return Optional.empty();
    }
    return Optional.of((row, at, context) -> newId(erased, row.getObject(at, UUID.class)));
  }

  private static Optional<RowMapper<?>> row(Type type, ConfigRegistry config) {
    Class<?> erased = GenericTypes.getErasedType(type);
    if (!erased.isRecord() || isId(erased)) {
      return Optional.empty();
    }
    return Optional.of(new RecordRow(erased));
  }

  private static boolean isId(Class<?> type) {
    if (!type.isRecord()) {
      return false;
    }
    RecordComponent[] components = type.getRecordComponents();
    return components.length == 1 && components[0].getType() == UUID.class;
  }

  private static UUID idOf(Record id) {
    try {
      var accessor = id.getClass().getRecordComponents()[0].getAccessor();
      accessor.setAccessible(true);
      return (UUID) accessor.invoke(id);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read the id " + id, e);
    }
  }

  private static @Nullable Object newId(Class<?> type, @Nullable UUID id) {
    if (id == null) {
      return null;
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(UUID.class);
      constructor.setAccessible(true);
      return constructor.newInstance(id);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make a " + type.getSimpleName(), e);
    }
  }

  private static @Nullable Object constant(Class<?> type, @Nullable String name) {
    if (name == null) {
      return null;
    }
    for (Object constant : type.getEnumConstants()) {
      if (constant.toString().equals(name)) {
        return constant;
      }
    }
    throw new IllegalStateException(
        "the database holds an unknown " + type.getSimpleName() + ": " + name);
  }
}
