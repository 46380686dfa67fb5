package dev.warren.daemon.process;

import dev.warren.daemon.os.ProcStat;
import dev.warren.daemon.store.Durable;
import dev.warren.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// A command on the disk.
///
/// | there | means |
/// |---|---|
/// | no folder | never accepted |
/// | folder, no `lock` | not begun in this boot; to decide that, take the lock |
/// | `lock`, no `pid` for 5 s | its wrapper was killed in between: unknown |
/// | `pid` of a living process | running |
/// | `pid` gone, `code` filled | exited |
/// | `pid` gone, no `code`, `killed` | the daemon killed it |
/// | `pid` gone, no `code` | unknown |
///
/// `pid` and `code` have 64 bytes from the start, so that a full disk does not lose them; their
/// content is valid when a newline stands before the last byte.
record CommandFolder(Path path) {
  private static final int SLOT_BYTES = 64;
  private static final byte[] EMPTY_SLOT = emptySlot();

  /// What was asked for, synced before the command starts.
  record Intent(
      UUID id,
      String command,
      String workdir,
      Map<String, String> env,
      String inputHash,
      String bootId,
      Instant acceptedAt) {
    Intent {
      env = Map.copyOf(env);
    }
  }

  /// The wrapper's process, which leads the command's session.
  record Leader(int pid, long startTicks) {
    boolean alive() {
      return ProcStat.of(pid)
          .filter(now -> now.startTicks() == startTicks && !now.zombie())
          .isPresent();
    }
  }

  /// Accepts a command: when this returns, the intent survives a power cut.
  ///
  /// @param commandFile whether the command goes into a file of its own, being too long for an
  ///   argument
  static CommandFolder create(Path effects, Intent intent, boolean commandFile) throws IOException {
    Path folder = effects.resolve(intent.id().toString());
    Path beside = effects.resolve(intent.id() + ".new");
    delete(beside);
    Files.createDirectory(beside);
    Durable.create(beside.resolve("intent.json"), Json.STRICT.writeValueAsBytes(intent));
    if (commandFile) {
      Durable.create(beside.resolve("cmd"), intent.command().getBytes(StandardCharsets.UTF_8));
    }
    Files.write(beside.resolve("pid"), EMPTY_SLOT);
    Files.write(beside.resolve("code"), EMPTY_SLOT);
    Files.createFile(beside.resolve("out"));
    Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
    Durable.syncFolder(effects);
    return new CommandFolder(folder);
  }

  Intent intent() throws IOException {
    return Json.STRICT.readValue(Files.readAllBytes(path.resolve("intent.json")), Intent.class);
  }

  /// Takes the right to start; false when somebody has it.
  boolean takeLock() throws IOException {
    try {
      Files.createFile(path.resolve("lock"));
      return true;
    } catch (FileAlreadyExistsException taken) {
      return false;
    }
  }

  boolean hasCommandFile() {
    return Files.exists(path.resolve("cmd"));
  }

  boolean locked() {
    return Files.exists(path.resolve("lock"));
  }

  Optional<Leader> leader() {
    return slot("pid")
        .map(text -> text.split(" "))
        .filter(words -> words.length == 2)
        .map(words -> new Leader(Integer.parseInt(words[0]), Long.parseLong(words[1])));
  }

  Optional<Integer> exitCode() {
    return slot("code").map(Integer::parseInt);
  }

  /// Notes, before the kill, that it is the daemon that ends the command.
  void markKilled() throws IOException {
    if (!killed()) {
      Durable.replace(path.resolve("killed"), new byte[0]);
    }
  }

  boolean killed() {
    return Files.exists(path.resolve("killed"));
  }

  Path output() {
    return path.resolve("out");
  }

  /// When the last of the outcome was written.
  Instant endedAt() {
    try {
      Path file = path.resolve(exitCode().isEmpty() && killed() ? "killed" : "code");
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException gone) {
      return Instant.EPOCH;
    }
  }

  /// Makes the outcome survive a power cut, before it is reported.
  void sync() throws IOException {
    Durable.syncFile(output());
    Durable.syncFile(path.resolve("code"));
  }

  void delete() throws IOException {
    delete(path);
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  private Optional<String> slot(String name) {
    try {
      byte[] bytes = Files.readAllBytes(path.resolve(name));
      for (int i = 0; i < Math.min(bytes.length, SLOT_BYTES - 1); i++) {
        if (bytes[i] == '\n') {
          return Optional.of(new String(bytes, 0, i, StandardCharsets.US_ASCII).strip())
              .filter(text -> text.matches("[0-9]{1,20}( [0-9]{1,20})?"));
        }
      }
      return Optional.empty();
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  private static byte[] emptySlot() {
    byte[] slot = new byte[SLOT_BYTES];
    Arrays.fill(slot, (byte) ' ');
    slot[SLOT_BYTES - 1] = '\n';
    return slot;
  }
}
