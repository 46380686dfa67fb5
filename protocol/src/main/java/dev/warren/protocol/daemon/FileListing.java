package dev.warren.protocol.daemon;

import java.util.List;

/// `GET /v1/files/list?path`: the entries of a folder by name.
///
/// @param truncated true when the folder holds more entries than are listed
public record FileListing(String path, List<FileStat> entries, boolean truncated) {
  public FileListing {
    entries = List.copyOf(entries);
  }
}
