package dev.warren.protocol.daemon;

import java.util.List;

/// `GET /v1/files/lines?path&offset&limit`: a range of a text file's lines.
///
/// @param path the absolute path that was read
/// @param offset number of the first line returned, from 1
/// @param lines without their line ends
/// @param totalLines of the whole file
/// @param sizeBytes of the whole file
/// @param sha256 of the whole file, hex
public record FileLines(
    String path, int offset, List<String> lines, int totalLines, long sizeBytes, String sha256) {
  public FileLines {
    lines = List.copyOf(lines);
  }
}
