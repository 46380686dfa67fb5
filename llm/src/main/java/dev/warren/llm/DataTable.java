package dev.warren.llm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/// Tables that lie beside the classes: a line a row, columns parted by tabs, comments behind `#`.
public final class DataTable {
  private DataTable() {}

  /// Rows by their first column, made of the others.
  public static <T> Map<String, T> read(String resource, Function<List<String>, T> row) {
    Map<String, T> rows = new LinkedHashMap<>();
    lines(
        resource,
        columns -> {
          String key = columns.removeFirst();
          rows.put(key, row.apply(columns));
        });
    return rows;
  }

  public static void lines(String resource, Consumer<List<String>> line) {
    try (InputStream in =
        Objects.requireNonNull(DataTable.class.getResourceAsStream(resource), resource)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String row : text.split("\n")) {
        if (!row.isBlank() && !row.startsWith("#")) {
          line.accept(new ArrayList<>(List.of(row.split("\t", -1))));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
