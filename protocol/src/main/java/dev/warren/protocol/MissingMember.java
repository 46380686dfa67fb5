package dev.warren.protocol;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds members that a peer's JSON left out, or gave as null, though their record needs them.
/// (Jackson leaves such components null; optional ones are `Optional`.)
public final class MissingMember {
  private MissingMember() {}

  /// The JSON path of the first one, such as `edits[2].old_text`.
  public static Optional<String> of(Record value) {
    return of(value, "");
  }

  private static Optional<String> of(Record value, String prefix) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      String path = prefix + snakeCase(component.getName());
      Optional<String> missing = within(read(component, value), path);
      if (missing.isPresent()) {
        return missing;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> within(@Nullable Object member, String path) {
    return switch (member) {
      case Record nested -> of(nested, path + ".");
      case Optional<?> optional -> optional.flatMap(inner -> within(inner, path));
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          Optional<String> missing = within(list.get(i), path + "[" + i + "]");
          if (missing.isPresent()) {
            yield missing;
          }
        }
        yield Optional.empty();
      }
      case Map<?, ?> map ->
          map.entrySet().stream()
              .filter(entry -> entry.getValue() == null)
              .map(entry -> path + "." + entry.getKey())
              .findFirst();
      case null -> Optional.of(path);
      default -> Optional.empty();
    };
  }

  private static @Nullable Object read(RecordComponent component, Record value) {
    try {
      return component.getAccessor().invoke(value);
    } catch (IllegalAccessException | InvocationTargetException unreadable) {
      throw new IllegalStateException("cannot read " + component, unreadable);
    }
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
