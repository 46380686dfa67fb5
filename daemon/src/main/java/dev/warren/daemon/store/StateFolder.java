package dev.warren.daemon.store;

import dev.warren.daemon.DaemonException;
import dev.warren.protocol.daemon.DaemonProblems;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.UUID;

/// The daemon's folder, mode 0700, held by one daemon at a time.
///
/// ```
/// lock          held while a daemon runs
/// store-id      a UUID; the folder's identity
/// horizon       ids older than this Unix time in ms are refused
/// leases/CHAT   the highest lease seen of a chat
/// views         what chats have seen of files ([dev.warren.daemon.file.Views])
/// effects/ID    outcomes: a folder for a command, ID.json for a file mutation, ID.cancelled
/// wrap.sh       what commands run under
/// ```
public final class StateFolder implements AutoCloseable {
  private final Path root;
  private final UUID storeId;
  private final FileChannel lockFile;

  /// Names the lock's file on its disk. As long as it is open, no other file has that name.
  private final Object lockKey;

  private StateFolder(Path root, UUID storeId, FileChannel lockFile, Object lockKey) {
    this.root = root;
    this.storeId = storeId;
    this.lockFile = lockFile;
    this.lockKey = lockKey;
  }

  /// Opens or creates the folder.
  ///
  /// @throws IOException also when another daemon holds it
  public static StateFolder open(Path folder) throws IOException {
    Path root = folder.toAbsolutePath().normalize();
    Files.createDirectories(
        root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    FileChannel lockFile =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = tryLock(lockFile);
    if (lock == null) {
      lockFile.close();
      throw new IOException("another daemon holds " + root + "; stop it or use another --state");
    }
    Files.createDirectories(root.resolve("leases"));
    Files.createDirectories(root.resolve("effects"));
    return new StateFolder(
        root, storeId(root.resolve("store-id")), lockFile, key(root.resolve("lock")));
  }

  private static Object key(Path file) throws IOException {
    return Objects.requireNonNull(
        Files.readAttributes(file, BasicFileAttributes.class).fileKey(), "inode");
  }

  /// Whether the folder is still the one that was opened. Somebody may have deleted it: then what
  /// this store knew is lost, and its id must not be used any more.
  public boolean isThere() {
    try {
      return key(root.resolve("lock")).equals(lockKey);
    } catch (IOException gone) {
      return false;
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel file)
      throws IOException {
    try {
      return file.tryLock();
    } catch (java.nio.channels.OverlappingFileLockException heldHere) {
      return null;
    }
  }

  private static UUID storeId(Path file) throws IOException {
    if (Files.exists(file)) {
      try {
        return UUID.fromString(Files.readString(file).strip());
      } catch (IllegalArgumentException broken) {
        // What this store knew cannot be told from another's: it gets a new identity.
      }
    }
    UUID fresh = UUID.randomUUID();
    Durable.replace(file, (fresh + "\n").getBytes(StandardCharsets.US_ASCII));
    return fresh;
  }

  public Path root() {
    return root;
  }

  public Path effects() {
    return root.resolve("effects");
  }

  public Path views() {
    return root.resolve("views");
  }

  Path leases() {
    return root.resolve("leases");
  }

  public UUID storeId() {
    return storeId;
  }

  /// Refuses a caller that believes in another store: what it knows of outcomes is not here.
  public void check(String claimed) {
    if (!claimed.equals(storeId.toString())) {
      throw DaemonException.conflict(
          DaemonProblems.STORE,
          "the outcome store is %s, not %s: what the other one knew is lost"
              .formatted(storeId, claimed));
    }
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
