package dev.warren.daemon.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One line of `/proc/PID/stat`.
///
/// @param startTicks when it started, in clock ticks since the boot; with the pid it names a
///   process
public record ProcStat(int pid, char state, int parent, int group, int session, long startTicks) {
  public static Optional<ProcStat> of(int pid) {
    try {
      String text =
          new String(
              Files.readAllBytes(Path.of("/proc", Integer.toString(pid), "stat")),
              StandardCharsets.ISO_8859_1);
      // The name in parentheses may hold anything, parentheses and blanks too.
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      return Optional.of(
          new ProcStat(
              pid,
              fields[0].charAt(0),
              Integer.parseInt(fields[1]),
              Integer.parseInt(fields[2]),
              Integer.parseInt(fields[3]),
              Long.parseLong(fields[19])));
    } catch (IOException | RuntimeException gone) {
      return Optional.empty();
    }
  }

  /// All processes that can be seen.
  public static List<ProcStat> all() {
    List<ProcStat> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        of(Integer.parseInt(entry.getFileName().toString())).ifPresent(found::add);
      }
    } catch (IOException | NumberFormatException unreadable) {
      return found;
    }
    return found;
  }

  public boolean zombie() {
    return state == 'Z' || state == 'X';
  }

  /// Whether this process is still the one it was, and runs.
  public boolean alive() {
    return of(pid).filter(now -> now.startTicks == startTicks && !now.zombie()).isPresent();
  }

  /// Whether the process's first environment holds `NAME=value` exactly.
  boolean environmentHolds(String entry) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc", Integer.toString(pid), "environ"));
      String text = "\0" + new String(bytes, StandardCharsets.ISO_8859_1) + "\0";
      return text.contains("\0" + entry + "\0");
    } catch (IOException unreadable) {
      return false;
    }
  }

  /// Names this boot of the machine; after another one no pid means what it did.
  public static String bootId() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }
}
