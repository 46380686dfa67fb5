package dev.warren.server.workspace.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One process of this host for ever: its number alone may be given out again, with the start time
/// and the boot it may not.
///
/// @param startTicks field 22 of `/proc/PID/stat`, clock ticks since the boot
public record ProcessRef(long pid, long startTicks, String bootId) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /// Indexes into the fields of `/proc/PID/stat` after the command's closing bracket.
  private static final int STATE = 0;

  private static final int PARENT = 1;
  private static final int START_TICKS = 19;

  /// The process that has this number now, unless there is none or only its zombie.
  static Optional<ProcessRef> of(long pid) {
    return stat(pid)
        .filter(fields -> !isDead(fields))
        .map(fields -> new ProcessRef(pid, Long.parseLong(fields[START_TICKS]), currentBoot()));
  }

  public boolean isAlive() {
    return bootId.equals(currentBoot())
        && stat(pid)
            .filter(fields -> !isDead(fields))
            .filter(fields -> Long.parseLong(fields[START_TICKS]) == startTicks)
            .isPresent();
  }

  /// Reads what [#toString] wrote: `PID START BOOT`.
  static Optional<ProcessRef> parse(String text) {
    String[] words = text.strip().split(" ");
    if (words.length != 3) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ProcessRef(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return pid + " " + startTicks + " " + bootId;
  }

  /// The number of the process's parent, or 0.
  static long parent(long pid) {
    return stat(pid).map(fields -> Long.parseLong(fields[PARENT])).orElse(0L);
  }

  static String currentBoot() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot read " + BOOT_ID, e);
    }
  }

  private static Optional<String[]> stat(long pid) {
    try {
      String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return Optional.of(text.substring(text.lastIndexOf(')') + 2).split(" "));
    } catch (IOException _) {
      return Optional.empty(); // gone
    }
  }

  private static boolean isDead(String[] fields) {
    return fields[STATE].equals("Z") || fields[STATE].equals("X");
  }
}
