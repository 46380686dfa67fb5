package dev.warren.daemon.http;

import dev.warren.daemon.DaemonException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;

/// Finds members of a read record that were missing or null in the JSON.
final class Required {
  private Required() {}

  static <T extends Record> T check(T value, String prefix) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      String field = prefix + snakeCase(component.getName());
      Object member = read(component, value);
      if (member == null) {
        throw DaemonException.badInput(field, "the member is missing");
      }
      if (member instanceof Record nested) {
        check(nested, field + ".");
      }
      if (member instanceof List<?> list) {
        for (int i = 0; i < list.size(); i++) {
          if (list.get(i) instanceof Record nested) {
            check(nested, field + "[" + i + "].");
          }
        }
      }
    }
    return value;
  }

  private static @org.jspecify.annotations.Nullable Object read(
      RecordComponent component, Record value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (IllegalAccessException | InvocationTargetException unreadable) {
      throw new IllegalStateException("cannot read " + component, unreadable);
    }
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT);
  }
}
