package dev.warren.server.archive;

import java.util.ArrayList;
import java.util.List;

/// The path of an entry, made safe.
final class EntryName {
  /// Longest path, in characters.
  private static final int CHARS_MAX = 1024;

  private EntryName() {}

  /// The path relative to the archive's root, with `/` between and no `.` or `..`; empty for the
  /// root itself.
  static String of(String raw) throws ArchiveException {
    if (raw.length() > CHARS_MAX) {
      throw new ArchiveException(
          "the archive has a path of more than " + CHARS_MAX + " characters");
    }
    if (raw.startsWith("/") || raw.contains("\\") || raw.indexOf('\0') >= 0) {
      throw new ArchiveException("the archive has a path that is not relative: " + raw);
    }
    List<String> parts = new ArrayList<>();
    for (String part : raw.split("/")) {
      if (part.equals("..")) {
        throw new ArchiveException("the archive has a path that leaves its folder: " + raw);
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }
}
