package dev.warren.daemon.file;

import dev.warren.daemon.DaemonException;
import dev.warren.daemon.store.DiskFull;
import dev.warren.daemon.store.Durable;
import dev.warren.daemon.store.Horizon;
import dev.warren.daemon.store.InputHash;
import dev.warren.daemon.store.StateFolder;
import dev.warren.protocol.Json;
import dev.warren.protocol.UuidV7;
import dev.warren.protocol.daemon.DaemonProblems;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Puts new contents into files, once an id, all or nothing.
///
/// A change goes: the new contents in temporary siblings, synced; the record `ID.json`, synced,
/// with the answer and the renames; the renames; the folders synced; the answer. A daemon that dies
/// before the record has changed nothing (its siblings are swept); one that dies after it finishes
/// the renames when it starts again. So a record means "done", and there is no unknown outcome.
public final class FileChanges {
  /// Records that are kept; beyond, the oldest goes and the horizon moves past it.
  private static final int RECORDS_MAX = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(FileChanges.class);

  private final StateFolder state;
  private final Horizon horizon;

  public FileChanges(StateFolder state, Horizon horizon) {
    this.state = state;
    this.horizon = horizon;
  }

  /// A change that was decided.
  record Stored(UUID id, String inputHash, JsonNode answer, List<Rename> renames) {
    Stored {
      renames = List.copyOf(renames);
    }
  }

  record Rename(String temporary, String target) {}

  /// New content that lies beside its target.
  ///
  /// @param before the content that it replaces, when that has to be what was read
  record Staged(
      Path temporary,
      Path target,
      boolean created,
      long sizeBytes,
      String sha256,
      Optional<TextFile> before) {}

  /// Finishes what an earlier daemon decided, and removes what it left behind.
  public void recover() throws IOException {
    try (DirectoryStream<Path> records = Files.newDirectoryStream(state.effects(), "*.json")) {
      for (Path file : records) {
        Stored stored = Json.STRICT.readValue(Files.readAllBytes(file), Stored.class);
        for (Rename rename : stored.renames()) {
          Path temporary = Path.of(rename.temporary());
          if (Files.exists(temporary, LinkOption.NOFOLLOW_LINKS)) {
            LOG.info("finishing the change of {}", rename.target());
            move(temporary, Path.of(rename.target()));
            Durable.syncFolder(parent(temporary));
          }
        }
      }
    }
    try (DirectoryStream<Path> lists = Files.newDirectoryStream(state.effects(), "*.staging")) {
      for (Path list : lists) {
        String id = list.getFileName().toString().replace(".staging", "");
        if (!Files.exists(state.effects().resolve(id + ".json"))) {
          for (String temporary : Files.readString(list).split("\0")) {
            if (!temporary.isEmpty()) {
              Files.deleteIfExists(Path.of(temporary));
            }
          }
        }
        Files.deleteIfExists(list);
      }
    }
    sweep();
  }

  /// The answer that this id got, if its change was decided.
  Optional<JsonNode> answer(UUID id, String inputHash) throws IOException {
    Optional<Stored> stored = stored(id);
    if (stored.isPresent() && !stored.get().inputHash().equals(inputHash)) {
      throw DaemonException.conflict(
          DaemonProblems.INPUT, "the id " + id + " belongs to another change");
    }
    return stored.map(Stored::answer);
  }

  /// The answer of a change, whatever its input was.
  public Optional<JsonNode> answer(UUID id) throws IOException {
    return stored(id).map(Stored::answer);
  }

  /// Drops the record of a change whose caller has the answer.
  public void forget(UUID id) throws IOException {
    Files.deleteIfExists(record(id));
  }

  private Optional<Stored> stored(UUID id) throws IOException {
    Path file = record(id);
    return Files.exists(file)
        ? Optional.of(Json.STRICT.readValue(Files.readAllBytes(file), Stored.class))
        : Optional.empty();
  }

  private Path record(UUID id) {
    return state.effects().resolve(id + ".json");
  }

  /// Where a change of `path` goes: behind symbolic links, in a folder that is made if need be.
  Path target(Path path) throws IOException {
    if (Files.exists(path)) {
      Path real = path.toRealPath();
      if (!Files.isRegularFile(real)) {
        throw new DaemonException(
            400, "about:blank", "Not a file", path + " is a folder, device, pipe or socket");
      }
      return real;
    }
    if (Files.isSymbolicLink(path)) {
      Path pointed = path.resolveSibling(Files.readSymbolicLink(path)).normalize();
      if (Files.isSymbolicLink(pointed)) {
        throw new DaemonException(
            400, "about:blank", "Not a file", path + " is a chain of broken symbolic links");
      }
      return pointed;
    }
    return path;
  }

  /// Tells where temporary files of this change will lie, so that they can be swept.
  List<Path> reserve(UUID id, List<Path> targets) throws IOException {
    List<Path> temporaries = new ArrayList<>();
    for (Path target : targets) {
      temporaries.add(
          parent(target).resolve(".warren-%s-%d.tmp".formatted(id, temporaries.size())));
    }
    String list = String.join("\0", temporaries.stream().map(Path::toString).toList());
    Files.writeString(staging(id), list, StandardCharsets.UTF_8);
    return temporaries;
  }

  private Path staging(UUID id) {
    return state.effects().resolve(id + ".staging");
  }

  /// Writes and syncs new content beside its target, with the target's mode and owner.
  Staged stage(Path temporary, Path target, InputStream content, Optional<TextFile> before)
      throws IOException {
    Files.createDirectories(parent(target));
    Files.deleteIfExists(temporary);
    boolean created = !Files.exists(target);
    MessageDigest digest = InputHash.sha256();
    long size;
    try (var channel =
            java.nio.channels.FileChannel.open(
                temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = java.nio.channels.Channels.newOutputStream(channel)) {
      size = content.transferTo(new DigestOutputStream(out, digest));
      if (!created) {
        copyRights(target, temporary);
      }
      channel.force(true);
    } catch (java.io.EOFException | dev.warren.protocol.http.HttpFormatException cut) {
      throw cut;
    } catch (IOException failed) {
      throw DiskFull.rethrow(parent(target), failed);
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    return new Staged(temporary, target, created, size, sha256, before);
  }

  private static void copyRights(Path from, Path to) throws IOException {
    PosixFileAttributes attributes = Files.readAttributes(from, PosixFileAttributes.class);
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    PosixFileAttributes now = view.readAttributes();
    if (!now.owner().equals(attributes.owner())) {
      view.setOwner(attributes.owner());
    }
    if (!now.group().equals(attributes.group())) {
      view.setGroup(attributes.group());
    }
    view.setPermissions(attributes.permissions());
  }

  /// Decides the change and carries it out.
  JsonNode commit(UUID id, String inputHash, List<Staged> staged, Object answer)
      throws IOException {
    for (Staged file : staged) {
      if (file.before().isPresent()) {
        byte[] now = Files.readAllBytes(file.target());
        if (!InputHash.of(now).equals(file.before().get().sha256())) {
          throw new DaemonException(
              409,
              "about:blank",
              "File changed",
              file.target() + " was changed by another while it was edited; read it again");
        }
      }
    }
    JsonNode stored = Json.STRICT.valueToTree(answer);
    List<Rename> renames =
        staged.stream()
            .map(file -> new Rename(file.temporary().toString(), file.target().toString()))
            .toList();
    Durable.replace(
        record(id), Json.STRICT.writeValueAsBytes(new Stored(id, inputHash, stored, renames)));
    List<Staged> done = new ArrayList<>();
    try {
      for (Staged file : staged) {
        move(file.temporary(), file.target());
        done.add(file);
      }
    } catch (IOException failed) {
      forget(id);
      undo(done);
      throw failed;
    }
    Set<Path> folders = new LinkedHashSet<>();
    staged.forEach(file -> folders.add(parent(file.target())));
    for (Path folder : folders) {
      Durable.syncFolder(folder);
    }
    Files.deleteIfExists(staging(id));
    return stored;
  }

  /// Removes what was written beside the targets of a change that is not made.
  void abandon(UUID id, List<Path> temporaries) {
    try {
      for (Path temporary : temporaries) {
        Files.deleteIfExists(temporary);
      }
      Files.deleteIfExists(staging(id));
    } catch (IOException leftForTheNextStart) {
      LOG.debug("temporary files stay: {}", leftForTheNextStart.toString());
    }
  }

  private void undo(List<Staged> done) {
    for (Staged file : done.reversed()) {
      try {
        if (file.before().isEmpty()) {
          Files.deleteIfExists(file.target());
          continue;
        }
        Files.deleteIfExists(file.temporary());
        Durable.create(file.temporary(), file.before().get().bytes());
        copyRights(file.target(), file.temporary());
        move(file.temporary(), file.target());
      } catch (IOException failed) {
        LOG.error("{} could not be put back: {}", file.target(), failed.toString());
      }
    }
  }

  private void sweep() throws IOException {
    List<UUID> ids = new ArrayList<>();
    try (DirectoryStream<Path> records = Files.newDirectoryStream(state.effects(), "*.json")) {
      for (Path file : records) {
        ids.add(UUID.fromString(file.getFileName().toString().replace(".json", "")));
      }
    }
    ids.sort(java.util.Comparator.comparingLong(UuidV7::unixMs));
    int surplus = ids.size() - RECORDS_MAX;
    for (int i = 0; i < ids.size(); i++) {
      if (i < surplus) {
        horizon.raisePast(ids.get(i));
      }
      if (UuidV7.unixMs(ids.get(i)) < horizon.earliestMs()) {
        forget(ids.get(i));
      }
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? Path.of("/") : parent;
  }
}
