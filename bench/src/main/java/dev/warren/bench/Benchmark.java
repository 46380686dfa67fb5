package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Path;

/// Something that is measured.
interface Benchmark {
  String name();

  /// Whether it runs when none is named.
  default boolean inAll() {
    return true;
  }

  /// Measures and prints its tables.
  ///
  /// @param folder empty, its own, removed afterwards
  void run(Path folder) throws IOException;
}
