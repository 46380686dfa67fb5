package dev.warren.e2e.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Reads the database that a control plane runs under its data folder, as an operator could.
public final class EmbeddedDatabase {
  private final Path folder;

  public EmbeddedDatabase(Path data) {
    try (Stream<Path> files = Files.find(data, 5, (path, _) -> path.endsWith("postmaster.pid"))) {
      this.folder = files.findFirst().orElseThrow().getParent();
    } catch (IOException e) {
      throw new UncheckedIOException("no database under " + data, e);
    }
  }

  /// The first column of each row.
  public List<String> query(String sql, Object... arguments) {
    try (Connection connection = connect();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      List<String> values = new ArrayList<>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
      return values;
    } catch (SQLException | IOException e) {
      throw new AssertionError("cannot run " + sql, e);
    }
  }

  private Connection connect() throws SQLException, IOException {
    String port = Files.readAllLines(folder.resolve("postmaster.pid")).get(3).strip();
    String password = Files.readString(folder.resolveSibling("password")).strip();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/warren", "warren", password);
  }
}
