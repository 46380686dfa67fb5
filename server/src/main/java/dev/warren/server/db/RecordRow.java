package dev.warren.server.db;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.ColumnMapper;
import org.jdbi.v3.core.mapper.ColumnMappers;
import org.jdbi.v3.core.mapper.NoSuchMapperException;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/// Makes a record of a row, also of a record that is private to its package. Columns are found by
/// the components' names in snake case; each component needs its column, other columns are ignored.
final class RecordRow implements RowMapper<Record> {
  private final Class<?> type;

  RecordRow(Class<?> type) {
    this.type = type;
  }

  @Override
  public Record map(ResultSet row, StatementContext context) throws SQLException {
    return specialize(row, context).map(row, context);
  }

  /// Looks the columns up once a query.
  @Override
  public RowMapper<Record> specialize(ResultSet result, StatementContext context)
      throws SQLException {
    Map<String, Integer> columns = columns(result.getMetaData());
    RecordComponent[] components = type.getRecordComponents();
    int[] at =
        Arrays.stream(components).mapToInt(component -> column(columns, component)).toArray();
    List<ColumnMapper<?>> mappers =
        Arrays.stream(components)
            .<ColumnMapper<?>>map(component -> mapper(context.getConfig(), component))
            .toList();
    Constructor<?> constructor = constructor(components);
    return (row, ctx) -> {
      @Nullable Object[] values = new @Nullable Object[at.length];
      for (int i = 0; i < at.length; i++) {
        values[i] = mappers.get(i).map(row, at[i], ctx);
      }
      try {
        return (Record) constructor.newInstance(values);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a row does not make a " + type.getSimpleName(), e);
      }
    };
  }

  private static Map<String, Integer> columns(ResultSetMetaData meta) throws SQLException {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.putIfAbsent(meta.getColumnLabel(i), i);
    }
    return columns;
  }

  private int column(Map<String, Integer> columns, RecordComponent component) {
    String name = snakeCase(component.getName());
    Integer at = columns.get(name);
    if (at == null) {
      throw new IllegalStateException(
          "the query has no column " + name + " for " + type.getSimpleName());
    }
    return at;
  }

  private ColumnMapper<?> mapper(ConfigRegistry config, RecordComponent component) {
    return config
        .get(ColumnMappers.class)
        .findFor(component.getGenericType())
        .orElseThrow(() ->
            new NoSuchMapperException(
                "no way to read " + type.getSimpleName() + "." + component.getName()));
  }

  private Constructor<?> constructor(RecordComponent[] components) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              IntStream.range(0, components.length)
                  .mapToObj(i -> components[i].getType())
                  .toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type + " has no canonical constructor", e);
    }
  }

  static String snakeCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
