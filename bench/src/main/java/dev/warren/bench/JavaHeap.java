package dev.warren.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is alive on the heap of another JVM, by `jcmd`; of one in namespaces of its own (a local
/// workspace's daemon) by a `jcmd` in these, as its user: a JVM hears nobody else. Needs root then.
final class JavaHeap {
  /// `jcmd`'s last line: instances and bytes, after a full collection.
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

  private JavaHeap() {}

  static double liveKib(long pid) {
    List<String> command = new ArrayList<>();
    String[] numbers = numbers(pid, "status", "NSpid:");
    if (numbers.length > 1) {
      command.addAll(List.of("nsenter", "--target", Long.toString(pid)));
      command.addAll(List.of("--user", "--mount", "--pid"));
      command.addAll(List.of("--setuid", numbers(pid, "uid_map", "")[0]));
      command.addAll(List.of("--setgid", numbers(pid, "gid_map", "")[0]));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.addAll(List.of(numbers[numbers.length - 1], "GC.class_histogram"));
    String histogram = Program.output(command);
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new IllegalStateException("no histogram of the heap: " + histogram);
    }
    return Long.parseLong(total.group(1)) / 1024.0;
  }

  static double liveMib(long pid) {
    return liveKib(pid) / 1024;
  }

  /// The numbers of the first line that begins so.
  private static String[] numbers(long pid, String file, String begin) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), file)).stream()
          .filter(line -> line.startsWith(begin))
          .findFirst()
          .orElseThrow()
          .substring(begin.length())
          .strip()
          .split("\\s+");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
