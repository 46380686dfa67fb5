package dev.warren.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the kernel counts for processes.
final class ProcStat {
  /// `USER_HZ`, the same on every Linux that Java runs on.
  private static final long TICKS_PER_SECOND = 100;

  private static final Path PROC = Path.of("/proc");

  private ProcStat() {}

  /// CPU time of these processes, of the user and the kernel, in microseconds.
  static long cpuMicros(List<Long> pids) {
    return pids.stream().mapToLong(ProcStat::cpuMicros).sum();
  }

  private static long cpuMicros(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      // proc(5): utime and stime are fields 14 and 15; the first here is field 3.
      long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
      return ticks * 1_000_000 / TICKS_PER_SECOND;
    } catch (IOException e) {
      return 0;
    }
  }

  /// Memory of these processes in MiB, each shared page counted in equal shares.
  static long memoryMib(List<Long> pids) {
    long kib = 0;
    for (long pid : pids) {
      try {
        for (String line : Files.readAllLines(PROC.resolve(pid + "/smaps_rollup"))) {
          if (line.startsWith("Pss:")) {
            kib += Long.parseLong(line.replaceAll("\\D", ""));
          }
        }
      } catch (IOException e) {
        // It has ended.
      }
    }
    return kib / 1024;
  }

  /// Resident memory of these processes in MiB, each shared page counted with each.
  static long residentMib(List<Long> pids) {
    long kib = 0;
    for (long pid : pids) {
      try {
        for (String line : Files.readAllLines(PROC.resolve(pid + "/status"))) {
          if (line.startsWith("VmRSS:")) {
            kib += Long.parseLong(line.replaceAll("\\D", ""));
          }
        }
      } catch (IOException e) {
        // It has ended.
      }
    }
    return kib / 1024;
  }

  /// Threads of a process.
  static int threads(long pid) {
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(PROC.resolve(pid + "/task"))) {
      int count = 0;
      for (Path _ : tasks) {
        count++;
      }
      return count;
    } catch (IOException e) {
      return 0;
    }
  }

  /// Processes whose command line holds a text.
  static List<Long> named(String text) {
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path folder : folders) {
        if (command(folder).contains(text)) {
          found.add(Long.parseLong(String.valueOf(folder.getFileName())));
        }
      }
    } catch (IOException e) {
      return found;
    }
    return found;
  }

  /// Processes whose command line holds a text, and their children.
  static List<Long> withCommand(String text) {
    List<Long> found = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path folder : folders) {
        long pid = Long.parseLong(String.valueOf(folder.getFileName()));
        if (command(folder).contains(text) && !found.contains(pid)) {
          found.add(pid);
          ProcessHandle.of(pid).stream()
              .flatMap(ProcessHandle::descendants)
              .map(ProcessHandle::pid)
              .filter(child -> !found.contains(child))
              .forEach(found::add);
        }
      }
    } catch (IOException e) {
      return found;
    }
    return found;
  }

  private static String command(Path folder) {
    try {
      byte[] bytes = Files.readAllBytes(folder.resolve("cmdline"));
      return new String(bytes, StandardCharsets.UTF_8).replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }
}
