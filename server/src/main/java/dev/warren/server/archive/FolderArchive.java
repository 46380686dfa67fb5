package dev.warren.server.archive;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// The files of a small folder, read from a tar, tar.gz or zip, and written as a zip. Links and
/// devices are refused, and so is whatever unpacks to more than the limits.
public final class FolderArchive {
  /// Most bytes of an archive as it is sent.
  public static final int ARCHIVE_BYTES_MAX = 10 * 1024 * 1024;

  /// Most bytes of all its files.
  static final int FILES_BYTES_MAX = 20 * 1024 * 1024;

  /// Most entries, folders included.
  static final int ENTRIES_MAX = 2000;

  /// The earliest time that a zip can hold.
  private static final LocalDateTime ZIP_EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final TreeMap<String, byte[]> files = new TreeMap<>();
  private long bytes;
  private int entries;

  private FolderArchive() {}

  /// The content of each file by its path.
  public static Map<String, byte[]> read(byte[] archive) throws IOException {
    if (archive.length > ARCHIVE_BYTES_MAX) {
      throw new ArchiveException(
          "the archive has " + archive.length + " bytes; at most " + ARCHIVE_BYTES_MAX);
    }
    FolderArchive folder = new FolderArchive();
    if (startsWith(archive, 'P', 'K', 3, 4)) {
      folder.zip(new ByteArrayInputStream(archive));
    } else if (startsWith(archive, 0x1f, 0x8b)) {
      folder.tar(new GZIPInputStream(new ByteArrayInputStream(archive)));
    } else {
      folder.tar(new ByteArrayInputStream(archive));
    }
    if (folder.files.isEmpty()) {
      throw new ArchiveException("the archive has no files: send a folder as tar, tar.gz or zip");
    }
    return folder.files;
  }

  /// A zip of these files. The same files make the same bytes.
  public static byte[] zip(Map<String, byte[]> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(ZIP_EPOCH);
        zip.putNextEntry(entry);
        zip.write(file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a zip in memory could not be written", e);
    }
    return bytes.toByteArray();
  }

  private void tar(InputStream in) throws IOException {
    TarReader reader = new TarReader(in);
    for (Optional<TarReader.Entry> next = reader.next(); next.isPresent(); next = reader.next()) {
      TarReader.Entry entry = next.get();
      count(entry.path());
      switch (entry.kind()) {
        case FILE -> add(entry.path(), reader.content(FILES_BYTES_MAX - bytes));
        case FOLDER -> {}
        case LINK, OTHER ->
            throw new ArchiveException(
                "the archive has a link or device, which is refused: " + entry.path());
      }
    }
  }

  private void zip(InputStream in) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String path = EntryName.of(entry.getName());
        count(path);
        if (!entry.isDirectory()) {
          byte[] content = zip.readNBytes((int) (FILES_BYTES_MAX - bytes) + 1);
          if (content.length > FILES_BYTES_MAX - bytes) {
            throw new ArchiveException(
                "the archive unpacks to more than " + FILES_BYTES_MAX + " bytes");
          }
          add(path, content);
        }
      }
    } catch (IllegalArgumentException e) {
      throw new ArchiveException("not a zip archive: " + e.getMessage());
    }
  }

  private void count(String path) throws ArchiveException {
    entries++;
    if (entries > ENTRIES_MAX) {
      throw new ArchiveException(
          "the archive has more than " + ENTRIES_MAX + " entries at " + path);
    }
  }

  private void add(String path, byte[] content) throws ArchiveException {
    bytes += content.length;
    if (path.isEmpty() || files.put(path, content) != null) {
      throw new ArchiveException("the archive has this file twice or without a name: " + path);
    }
  }

  private static boolean startsWith(byte[] archive, int... magic) {
    if (archive.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((archive[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
