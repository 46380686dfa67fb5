package dev.warren.server.http;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Which part of a list is asked for.
///
/// @param limit 1 to [#LIMIT_MAX] items
/// @param cursor where the last part ended, as the feature wrote it
public record Page(int limit, Optional<String> cursor) {
  public static final int LIMIT_DEFAULT = 50;
  public static final int LIMIT_MAX = 200;

  /// A part of a list, as it is answered.
  ///
  /// @param nextCursor absent at the end
  public record Of<T>(List<T> items, Optional<String> nextCursor) {
    public Of {
      items = List.copyOf(items);
    }
  }

  /// The cursor of a list whose cursors are ids.
  public Optional<UUID> cursorId() {
    return cursor.map(text -> {
      try {
        return UUID.fromString(text);
      } catch (IllegalArgumentException e) {
        throw Problems.badInput("cursor", "is not a cursor of this list");
      }
    });
  }

  /// The answer, of rows that were read with a limit of one more than [#limit()].
  ///
  /// @param cursorOf where a following part would begin after this row
  public <T> Of<T> cut(List<T> rows, Function<T, String> cursorOf) {
    if (rows.size() <= limit) {
      return new Of<>(rows, Optional.empty());
    }
    List<T> items = rows.subList(0, limit);
    return new Of<>(items, Optional.of(Cursors.encode(cursorOf.apply(items.getLast()))));
  }
}
