package dev.warren.daemon.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// Ids that were cancelled before they came: a later start of one is refused.
public final class Tombstones {
  private static final String SUFFIX = ".cancelled";

  private final StateFolder state;

  public Tombstones(StateFolder state) {
    this.state = state;
  }

  public boolean has(UUID id) {
    return Files.exists(file(id));
  }

  public void put(UUID id) throws IOException {
    if (!has(id)) {
      Durable.replace(file(id), new byte[0]);
    }
  }

  public void remove(UUID id) throws IOException {
    Files.deleteIfExists(file(id));
  }

  /// Drops those whose ids the horizon refuses anyway.
  public void sweep(long earliestMs) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(state.effects(), "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        UUID id = UUID.fromString(name.substring(0, name.length() - SUFFIX.length()));
        if (dev.warren.protocol.UuidV7.unixMs(id) < earliestMs) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private Path file(UUID id) {
    return state.effects().resolve(id + SUFFIX);
  }
}
