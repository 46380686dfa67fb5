package dev.warren.server.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Reads a tar archive entry by entry: ustar with GNU long names and pax paths. After [#next] the
/// entry's bytes come from [#content], to its end or not at all.
public final class TarReader {
  private static final int BLOCK_BYTES = 512;

  /// Longest pax record or GNU long name.
  private static final int HEADER_BYTES_MAX = 64 * 1024;

  private final InputStream in;
  private long left;
  private int padding;

  public TarReader(InputStream in) {
    this.in = in;
  }

  /// What an entry is.
  public enum Kind {
    FILE,
    FOLDER,
    LINK,
    OTHER
  }

  /// One entry's header.
  ///
  /// @param path relative, safe, with `/` between
  /// @param link for [Kind#LINK], where the symbolic link points, as it stands in the archive
  /// @param modifiedSeconds since 1970
  public record Entry(
      String path, Kind kind, long bytes, boolean executable, long modifiedSeconds, String link) {}

  /// The next entry, or nothing at the end.
  public Optional<Entry> next() throws IOException {
    String longName = "";
    String longLink = "";
    while (true) {
      in.skipNBytes(left + padding);
      left = 0;
      padding = 0;
      byte[] header = in.readNBytes(BLOCK_BYTES);
      if (header.length == 0 || (header.length == BLOCK_BYTES && header[0] == 0)) {
        return Optional.empty();
      }
      if (header.length < BLOCK_BYTES) {
        throw new ArchiveException("the tar archive ends in the middle of a header");
      }
      checkSum(header);
      long bytes = number(header, 124, 12);
      left = bytes;
      padding = (int) ((BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES);
      char type = (char) header[156];
      switch (type) {
        case 'L' -> longName = text(headerContent());
        case 'K' -> longLink = text(headerContent());
        case 'x' -> {
          String records = new String(headerContent(), UTF_8);
          longName = pax(records, "path").orElse(longName);
          longLink = pax(records, "linkpath").orElse(longLink);
        }
        case 'g' -> headerContent();
        default -> {
          String name = longName.isEmpty() ? name(header) : longName;
          String link = longLink.isEmpty() ? text(header, 157, 100) : longLink;
          boolean executable = (number(header, 100, 8) & 0100) != 0;
          return Optional.of(
              new Entry(
                  EntryName.of(name),
                  kind(type, name),
                  bytes,
                  executable,
                  number(header, 136, 12),
                  link));
        }
      }
    }
  }

  /// The bytes of the entry that [#next] gave.
  ///
  /// @param bytesMax more than this is an error
  public byte[] content(long bytesMax) throws IOException {
    if (left > bytesMax) {
      throw new ArchiveException("an entry of " + left + " bytes; at most " + bytesMax);
    }
    byte[] content = in.readNBytes((int) left);
    if (content.length < left) {
      throw new ArchiveException("the tar archive ends in the middle of an entry");
    }
    left = 0;
    return content;
  }

  /// Copies the bytes of the entry.
  public void copyTo(java.io.OutputStream out) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new ArchiveException("the tar archive ends in the middle of an entry");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  private byte[] headerContent() throws IOException {
    return content(HEADER_BYTES_MAX);
  }

  private static Kind kind(char type, String name) {
    return switch (type) {
      case '0', '\0', '7' -> name.endsWith("/") ? Kind.FOLDER : Kind.FILE;
      case '5' -> Kind.FOLDER;
      case '2' -> Kind.LINK;
      default -> Kind.OTHER;
    };
  }

  private static String name(byte[] header) {
    String prefix = text(header, 257, 5).equals("ustar") ? text(header, 345, 155) : "";
    String name = text(header, 0, 100);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static void checkSum(byte[] header) throws ArchiveException {
    long sum = 0;
    for (int i = 0; i < BLOCK_BYTES; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    if (sum != number(header, 148, 8)) {
      throw new ArchiveException("not a tar archive: a header's checksum is wrong");
    }
  }

  /// Octal digits, or base 256 when the first bit is set (GNU).
  private static long number(byte[] header, int at, int length) throws ArchiveException {
    if ((header[at] & 0x80) != 0) {
      long value = 0;
      for (int i = at + length - 8; i < at + length; i++) {
        value = (value << 8) | (header[i] & 0xff);
      }
      if (value < 0) {
        throw new ArchiveException("not a tar archive: a number is out of range");
      }
      return value;
    }
    String digits = text(header, at, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    } catch (NumberFormatException _) {
      throw new ArchiveException("not a tar archive: a header's number is wrong");
    }
  }

  /// A record `LENGTH KEY=VALUE\n` of a pax header.
  private static Optional<String> pax(String records, String key) {
    for (String line : records.split("\n")) {
      int space = line.indexOf(' ');
      if (space > 0 && line.startsWith(key + "=", space + 1)) {
        return Optional.of(line.substring(space + 2 + key.length()));
      }
    }
    return Optional.empty();
  }

  private static String text(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }

  private static String text(byte[] bytes, int at, int length) {
    int end = at;
    while (end < at + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, at, end - at, UTF_8);
  }
}
